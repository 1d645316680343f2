import { isAbsolute, join, posix } from 'node:path'
import type { FileReference, FileResource, Project } from '@landfall/compose'
import { toPointer } from '@landfall/diagnostic'
import type { Program } from '../cluster.ts'
import { type Answer, answer, type Converted, type Question } from '../question.ts'
import { sameText } from '../texts.ts'

/** The names of files that a container does not have, or has with other bytes. */
function lostFiles(
  { files }: Program,
  project: Project,
  target: string,
  expected: readonly (readonly [string, Uint8Array | undefined])[],
): string | undefined {
  for (const [path, bytes] of expected) {
    const at = posix.join(target, path)
    const found = files.read(at)
    if (found === undefined) return `${at} is not there`
    if (bytes !== undefined && !sameBytes(bytes, found, project)) return `${at} has other bytes`
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

/** Binds of files and folders that lie in the project. */
function binds(
  { project, directory, cluster, readFile, listFolder }: Converted,
  folders: boolean,
): Answer[] {
  return Object.entries(project.services).flatMap(([service, { volumes = [] }]) =>
    volumes.flatMap(({ type, source = '', target }, index) => {
      const inProject = source.startsWith(`${directory}/`)
      if (type !== 'bind' || !inProject) return []
      const below = listFolder(source)
      const expected = folders
        ? below?.map((path) => [path, readFile(join(source, path))] as const)
        : below === undefined && readFile(source) !== undefined
          ? [['', readFile(source)] as const]
          : undefined
      if (expected === undefined) return []
      const program = cluster.programOf(service)
      return answer(
        toPointer(['services', service, 'volumes', index]),
        program === undefined
          ? 'there is no pod of it'
          : lostFiles(program, project, target, expected),
      )
    }),
  )
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
            : lostFiles(program, project, path, [['', bytes]]),
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
