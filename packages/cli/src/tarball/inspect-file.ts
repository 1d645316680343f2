import { basename, resolve } from 'node:path'
import {
  type Inspection,
  inspectTarball,
  type Scan,
  scanTarball,
  TarballProblem,
} from '@landfall/containerize'
import { type Diagnostic, visibleLine } from '@landfall/diagnostic'
import type { Terminal } from '../terminal.ts'
import { downloaded } from './archive.ts'
import { fileNameOf, isAddress } from './is-tarball.ts'

/** What was found in a tarball, or why it is not used. */
export interface Inspected {
  /** The name of the file. */
  name: string
  found?: {
    /** The archive on this machine. */
    file: string
    scan: Scan
    inspection: Inspection
  }
  /** Of one that was downloaded, as landfall.yaml states it. */
  checksum?: string
  diagnostics: readonly Diagnostic[]
}

/** Reads and inspects a tarball; what is wrong with it is reported. */
export async function inspectFile(
  place: string,
  { cwd, env, output, stderr }: Pick<Terminal, 'cwd' | 'env' | 'output' | 'stderr'>,
): Promise<Inspected> {
  const isUrl = isAddress(place)
  const name = isUrl ? fileNameOf(place) : basename(place)
  const report = (severity: Diagnostic['severity'], problem: TarballProblem): Diagnostic => ({
    ...{ code: problem.code, severity, message: `${name}: ${problem.message}` },
    ...{ path: '', hint: problem.hint },
  })
  try {
    const progress = (line: string): void => void stderr.write(`${visibleLine(line)}\n`)
    const options = { env, ...(output !== 'json' && { progress }) }
    const download = isUrl ? await downloaded(place, undefined, options) : undefined
    const file = download?.file ?? resolve(cwd, place)
    const scan = await scanTarball(file)
    const inspection = inspectTarball(scan, name)
    const diagnostics = problemsOf(inspection).map((problem) => report('warning', problem))
    const checksum = download && { checksum: download.checksum }
    return { name, found: { file, scan, inspection }, ...checksum, diagnostics }
  } catch (error) {
    if (!(error instanceof TarballProblem)) throw error
    return { name, diagnostics: [report('error', error)] }
  }
}

function problemsOf({ scripts }: Inspection): TarballProblem[] {
  if (scripts.length === 0)
    return [
      new TarballProblem(
        'containerize/no-start-script',
        'it has no start script with a usual name',
        'set start in landfall.yaml to the script that starts the program',
      ),
    ]
  return scripts.flatMap(({ path, problem }) =>
    problem === undefined
      ? []
      : [
          new TarballProblem(
            problem,
            problem === 'containerize/no-shebang'
              ? `${path} does not begin with "#!"`
              : `${path} has Windows line ends`,
            'it cannot be the start script as it is',
          ),
        ],
  )
}
