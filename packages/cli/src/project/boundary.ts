import { join } from 'node:path/posix'
import {
  acceptAs,
  type Boundary,
  type FileSystem,
  guardedFiles,
  isFilePath,
  keysWith,
  projectBoundary,
  readWithin,
  type Trusted,
  textsOf,
} from '@landfall/compose'
import type { Diagnostic } from '@landfall/diagnostic'
import type { Terminal } from '../terminal.ts'

/** Which files belong to a project, and what of landfall.yaml's acceptances was needed. */
export interface KnownBoundary extends Boundary {
  /** Where accepted paths lead that are outside and were looked at. */
  readonly accepted: ReadonlySet<string>
}

/** The boundary of a project. `refuses`: what is outside is not read, unless landfall.yaml accepts it. */
export function boundaryOf(
  trusted: Trusted,
  files: FileSystem,
  env: Terminal['env'],
  refuses: boolean,
): KnownBoundary {
  const common = { files, trusted, home: env.HOME }
  const strict = projectBoundary({ ...common, accepted: [] })
  // landfall.yaml itself may be a link.
  const guarded = guardedFiles(files, strict)
  const accept = refuses ? acceptedFiles(guarded, trusted.projectDirectory) : []
  const outside = accept.length === 0 ? strict : projectBoundary({ ...common, accepted: accept })
  const accepted = new Set<string>()
  const { projectDirectory } = trusted
  return {
    refuses,
    acceptAs: (target) => acceptAs(target, { files, projectDirectory, home: env.HOME }),
    accepted,
    outside(path) {
      const leadsTo = outside(path)
      const before = accept.length > 0 && leadsTo === undefined ? strict(path) : undefined
      if (before !== undefined) accepted.add(before)
      return leadsTo
    },
  }
}

/** Bytes, as for the settings themselves. */
const LARGEST_SETTINGS = 512 * 1024

/**
 * The files outside of the project that `accept` in landfall.yaml lists, as they are written there, and those that it mounts
 * (`volumes: { PATH: { as: config } }`). `x-landfall` is in a file that may itself be outside, and accepts none. What is wrong with landfall.yaml is reported where it is read.
 */
function acceptedFiles(files: FileSystem, projectDirectory: string): string[] {
  return ['landfall.yaml', 'landfall.yml'].flatMap((name) => {
    const read = readWithin(files, join(projectDirectory, name), LARGEST_SETTINGS)
    const text = 'bytes' in read ? Buffer.from(read.bytes).toString('utf8') : ''
    const mounted = keysWith(text, 'volumes', 'as', 'config')
    return [...textsOf(text, 'accept'), ...mounted].filter(isFilePath)
  })
}

/** One line about what is used from outside and is not in a line of `before`: landfall.yaml may come from someone else. */
export function acceptedNote(
  { accepted }: KnownBoundary,
  before: readonly Diagnostic[] = [],
): Diagnostic[] {
  const known = before.filter(({ code }) => code === ACCEPTED).map(({ message }) => message)
  const paths = [...accepted].filter((path) => !known.some((one) => one.includes(path))).sort()
  if (paths.length === 0) return []
  const rest = paths.length - MOST_SHOWN
  const shown = paths.slice(0, MOST_SHOWN).join(', ') + (rest > 0 ? ` and ${rest} more` : '')
  return [
    {
      code: ACCEPTED,
      severity: 'note',
      message: `landfall.yaml accepts files outside of the project: ${shown}`,
      path: '',
    },
  ]
}

const MOST_SHOWN = 5

const ACCEPTED = 'convert/outside-accepted'
