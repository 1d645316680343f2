import { existsSync } from 'node:fs'
import { relative } from 'node:path'
import { join } from 'node:path/posix'
import type { Boundary, FileSystem } from '@landfall/compose'
import { type ContainerizeCode, TarballProblem } from '@landfall/containerize'
import { type Diagnostic, ownValue } from '@landfall/diagnostic'
import { shownUrl } from '@landfall/image'
import { archiveOf, type DownloadOptions } from './archive.ts'
import { settingPointer } from './declared.ts'
import { makeContext } from './extract.ts'
import type { LoadedProject } from './load.ts'
import { writeMember } from './member.ts'

/**
 * Makes the build contexts of the services from tarballs; what is wrong with a tarball is an error at its place in landfall.yaml. A tarball
 * outside of the project is not read unless landfall.yaml accepts it.
 */
export async function provideTarballs(
  loaded: LoadedProject,
  boundary: Pick<Boundary, 'outside' | 'acceptAs'>,
  options: DownloadOptions,
): Promise<Diagnostic[]> {
  const problems = await provideStatements(loaded, boundary, options)
  const { tarballs, project } = loaded
  const { outside, acceptAs } = boundary
  for (const one of tarballs?.services ?? []) {
    const target = one.url === undefined ? outside(one.file) : undefined
    const overridden = overriddenStart(project, one.service)
    const refused =
      target !== undefined ? outsideProject(one.written, acceptAs(target)) : overridden
    if (refused !== undefined) {
      const path = settingPointer(one.service, 'tarball')
      const at = tarballs?.placeOf(path)
      problems.push({ severity: 'error', path, ...refused, ...(at !== undefined && { at }) })
      continue
    }
    try {
      await makeContext(one, options)
    } catch (error) {
      if (!(error instanceof TarballProblem)) throw error
      const { code, message, hint } = error
      const key = KEYS_OF_PROBLEMS[code] ?? 'tarball'
      const path = settingPointer(one.service, key)
      const at = tarballs?.placeOf(path)
      const name = one.url === undefined ? one.written : shownUrl(one.url)
      problems.push({
        ...{ code, severity: 'error', message: `${name}: ${message}`, path, hint },
        ...(at !== undefined && { at }),
      })
    }
  }
  return problems
}

/** Keys at which problems are that are not at the tarball; one that landfall.yaml does not have is reported at the tarball. */
const KEYS_OF_PROBLEMS: Partial<Readonly<Record<ContainerizeCode, 'checksum' | 'start'>>> = {
  'containerize/invalid-checksum': 'checksum',
  'containerize/wrong-checksum': 'checksum',
  'containerize/no-start-script': 'start',
  'containerize/no-shebang': 'start',
  'containerize/crlf-script': 'start',
}

/** Takes the statements of one-shots out of archives; what is wrong is an error at its place in landfall.yaml. */
async function provideStatements(
  { tarballs }: LoadedProject,
  { outside, acceptAs }: Pick<Boundary, 'outside' | 'acceptAs'>,
  options: DownloadOptions,
): Promise<Diagnostic[]> {
  const problems: Diagnostic[] = []
  for (const { service, member } of tarballs?.statements ?? []) {
    if (member === undefined || existsSync(member.content)) continue
    const { from, parts, written, content } = member
    const path = settingPointer(service, 'sql', 'file')
    const at = tarballs?.placeOf(path)
    const report = (problem: Pick<Diagnostic, 'code' | 'message' | 'hint'>): void => {
      problems.push({ severity: 'error', path, ...problem, ...(at !== undefined && { at }) })
    }
    const target = from.url === undefined ? outside(from.file) : undefined
    if (target !== undefined) {
      report(outsideProject(written, acceptAs(target)))
      continue
    }
    try {
      await writeMember(await archiveOf(from, options), parts, content)
    } catch (error) {
      if (!(error instanceof TarballProblem)) throw error
      const { code, message, hint } = error
      report({ code, message: `${shownUrl(written)}: ${message}`, hint })
    }
  }
  return problems
}

function outsideProject(written: string, accept: string) {
  return {
    code: 'convert/outside-file',
    message: `${written} is outside of the project, and its content would be part of the result`,
    hint: `if that is intended, accept it in landfall.yaml: accept: [${accept}]`,
  } as const
}

/** A service of a Compose file with a command of its own would not run its start script. */
function overriddenStart(
  project: LoadedProject['project'],
  service: string,
): Pick<Diagnostic, 'code' | 'message' | 'hint'> | undefined {
  const compose = ownValue(project?.services, service)
  const key = (['entrypoint', 'command'] as const).find((one) => compose?.[one] != null)
  if (key === undefined) return undefined
  return {
    code: 'containerize/wrong-setting',
    message: `${service} has ${key} in the Compose file, which would take the place of its start script`,
    hint: 'set start in landfall.yaml to the script with its arguments',
  }
}

/** A file system that has the files of tarballs below the paths of the tarballs. */
export function withTarballFiles(files: FileSystem, { tarballs }: LoadedProject): FileSystem {
  const { services, statements } = tarballs ?? { services: [], statements: [] }
  const members = new Map(
    statements.flatMap(({ file, member }) => (member ? [[file, member.content]] : [])),
  )
  if (services.length + members.size === 0) return files
  const inside = (path: string): string => {
    const content = members.get(path)
    if (content !== undefined && files.stat(content) !== undefined) return content
    for (const { file, context } of services) {
      const below = relative(file, path)
      if (below === '' || below.startsWith('..')) continue
      const places = ['small', 'large'].map((layer) => join(context, layer, below))
      return places.find((place) => files.stat(place) !== undefined) ?? path
    }
    return path
  }
  const { realPath, linkTarget, digest } = files
  return {
    ...files,
    read: (path, limit) => files.read(inside(path), limit),
    stat: (path) => files.stat(inside(path)),
    list: (path) => files.list(inside(path)),
    ...(digest && { digest: (path: string) => digest(inside(path)) }),
    // The path of such a file is the one in the project.
    ...(realPath && {
      realPath: (path: string) => (inside(path) === path ? realPath(path) : path),
    }),
    ...(linkTarget && {
      linkTarget: (path: string) => (inside(path) === path ? linkTarget(path) : undefined),
    }),
  }
}
