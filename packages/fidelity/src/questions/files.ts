import { isAbsolute, join, posix } from 'node:path'
import type { FileReference, FileResource, Project } from '@landfall/compose'
import { toPointer } from '@landfall/diagnostic'
import type { Program } from '../cluster.ts'
import { dockerMounts, mountSeenAt } from '../docker/mounts.ts'
import { type Answer, answer, type Converted, type Question } from '../question.ts'
import { sameText } from '../texts.ts'

/** A file that a container should have. */
interface Expected {
  /** Below the target; empty for the target itself. */
  path: string
  bytes: Uint8Array | undefined
  mode?: number | undefined
}

/** The first file that a container does not have, or has with other bytes or another mode. */
function lostFile(
  { files }: Program,
  project: Project,
  target: string,
  expected: readonly Expected[],
): string | undefined {
  for (const { path, bytes, mode } of expected) {
    const at = posix.join(target, path)
    const found = files.read(at)
    if (found === undefined) return `${at} is not there`
    if (bytes !== undefined && !sameBytes(bytes, found, project)) return `${at} has other bytes`
    const has = files.mode(at)
    if (mode !== undefined && has !== mode)
      return `${at} has the mode ${has?.toString(8)}, not ${mode.toString(8)}`
  }
  return undefined
}

/** Whether a file holds what it should; a text may dial names in their legal form. */
function sameBytes(expected: Uint8Array, found: Uint8Array, project: Project): boolean {
  return (
    Buffer.compare(found, expected) === 0 ||
    sameText(Buffer.from(expected).toString('utf8'), Buffer.from(found).toString('utf8'), project)
  )
}

/** Binds of files and folders that lie in the project; what another mount hides is not asked for. */
function binds(converted: Converted, folders: boolean): Answer[] {
  const { project, directory, cluster, readFile, listFolder, modeOf } = converted
  const mounts = dockerMounts(converted)
  return mounts.flatMap((mount) => {
    const { service, host, shown = '', target, at } = mount
    if (host === undefined || !shown.startsWith(`${directory}/`)) return []
    const below = listFolder(host)
    const paths = folders ? below : below === undefined && readFile(host) ? [''] : undefined
    if (paths === undefined) return []
    const expected = paths
      .filter((path) => mountSeenAt(mounts, service, posix.join(target, path)) === mount)
      .map((path) => ({
        path,
        bytes: readFile(join(host, path)),
        mode: modeOf(join(host, path)),
      }))
    const program = cluster.programOf(service)
    return {
      ...answer(
        at,
        program === undefined
          ? 'there is no pod of it'
          : lostFile(program, project, target, expected),
      ),
      names: [`./${posix.relative(directory, shown)}`],
    }
  })
}

export const boundFolders: Question = {
  title: 'bind-mounted directories complete',
  ask: (converted) => binds(converted, true),
}

export const boundFiles: Question = {
  title: 'bind-mounted files',
  ask: (converted) => binds(converted, false),
}

/** What a secret or config holds, where the project says it. */
function contentOf(
  resource: FileResource | undefined,
  converted: Converted,
): Uint8Array | undefined {
  const { file, content, environment } = resource ?? {}
  if (content !== undefined) return Buffer.from(content)
  if (environment !== undefined) return Buffer.from(converted.environment[environment] ?? '')
  return file === undefined ? undefined : converted.readFile(file)
}

function references(converted: Converted, kind: 'secrets' | 'configs'): Answer[] {
  const { project, cluster } = converted
  return Object.entries(project.services).flatMap(([service, keys]) =>
    ((keys[kind] ?? []) as FileReference[]).map(({ source, target = source }, index) => {
      const root = kind === 'secrets' ? '/run/secrets' : '/'
      const path = isAbsolute(target) ? target : posix.join(root, target)
      const program = cluster.programOf(service)
      const bytes = contentOf(project[kind]?.[source], converted)
      const byReference = program?.files.outside(path) !== undefined && bytes === undefined
      return answer(
        toPointer(['services', service, kind, index]),
        program === undefined
          ? 'there is no pod of it'
          : byReference
            ? undefined
            : lostFile(program, project, path, [{ path: '', bytes }]),
      )
    }),
  )
}

export const secrets: Question = {
  title: 'secrets at the right path',
  ask: (converted) => references(converted, 'secrets'),
}

export const configs: Question = {
  title: 'configs at the right path',
  ask: (converted) => references(converted, 'configs'),
}
