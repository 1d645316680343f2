import { existsSync } from 'node:fs'
import { relative } from 'node:path'
import { join, resolve } from 'node:path/posix'
import type { Boundary, FileSystem } from '@landfall/compose'
import { layerOf, programDirectory, TarballProblem } from '@landfall/containerize'
import type { LandfallFile, ServiceSettings } from '@landfall/convert'
import {
  type Diagnostic,
  type Origins,
  ownValue,
  type Span,
  spanOf,
  toPointer,
} from '@landfall/diagnostic'
import { shownUrl } from '@landfall/image'
import { archiveOf, type DownloadOptions } from './archive.ts'
import { settingPointer, type TarballService } from './declared.ts'
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
      const key = ofChecksum(error, one) ? 'checksum' : 'tarball'
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

function ofChecksum({ code, message }: TarballProblem, { settings }: TarballService): boolean {
  if (settings.checksum === undefined) return false
  return code === 'containerize/wrong-checksum' || message.includes('checksum')
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

const KEYS = ['checksum', 'start', 'java', 'base', 'packages', 'jvm', 'logs'] as const

/** Settings in which the paths of files inside of tarballs are those of the project, and what is wrong with those of tarballs. */
export function settingsOfTarballs(
  settings: LandfallFile,
  origins: Origins,
  { tarballs, projectDirectory }: LoadedProject,
): { settings: LandfallFile; origins: Origins; diagnostics: Diagnostic[] } {
  const diagnostics: Diagnostic[] = []
  const placed = new Map(origins)
  const report = (path: string, message: string, hint: string): void => {
    const at: Span | undefined = spanOf(origins, path)
    diagnostics.push({
      ...{ code: 'containerize/wrong-setting', severity: 'error', message, path, hint },
      ...(at !== undefined && { at }),
    })
  }
  const services = Object.entries(settings.services ?? {}).map(
    ([name, service]): [string, ServiceSettings] => {
      const one = tarballs?.services.find(({ service: other }) => other === name)
      check(name, service, one, report)
      const placedFile = one && withPlace(name, service)
      if (placedFile !== undefined && service.files === undefined) return [name, placedFile]
      const { files } = service
      if (one === undefined || placedFile === undefined || files === undefined)
        return [name, service]
      const moved = Object.entries(files).map(([path, file]): [string, typeof file] => {
        const key = join(relative(projectDirectory, one.file), path)
        const [from, to] = [path, key].map((last) => toPointer(['services', name, 'files', last]))
        for (const [pointer, found] of origins)
          if (pointer === from || pointer.startsWith(`${from}/`))
            placed.set(`${to}${pointer.slice(from?.length)}`, found)
        return [key, file]
      })
      return [name, { ...placedFile, files: Object.fromEntries(moved) }]
    },
  )
  if (services.length === 0) return { settings, origins, diagnostics }
  return {
    settings: { ...settings, services: Object.fromEntries(services) },
    origins: placed,
    diagnostics,
  }
}

/** The file with the number of a copy is inside of the tarball, unless its path is absolute. */
function withPlace(name: string, settings: ServiceSettings): ServiceSettings {
  const { identity } = settings
  if (identity?.file === undefined) return settings
  const file = resolve(programDirectory(name), identity.file)
  return { ...settings, identity: { ...identity, file } }
}

function check(
  name: string,
  settings: ServiceSettings,
  one: TarballService | undefined,
  report: (path: string, message: string, hint: string) => void,
): void {
  const { tarball } = settings
  for (const key of KEYS)
    if (tarball === undefined && settings[key] !== undefined)
      report(
        settingPointer(name, key),
        `${key} has no effect on ${name}, which is not from a tarball`,
        'set tarball to the file or directory of its program, or remove the key',
      )
  if (tarball === undefined) return
  const changed = [...KEYS, 'tarball' as const].find(
    (key) => JSON.stringify(settings[key]) !== JSON.stringify(one?.settings[key]),
  )
  if (changed !== undefined)
    report(
      settingPointer(name, changed),
      `${changed} of a service from a tarball is the same in all environments, and not under x-landfall`,
      'set it under services in landfall.yaml',
    )
  if (settings.java !== undefined && settings.base !== undefined)
    report(settingPointer(name, 'java'), `${name} has java and base`, 'remove one of them')
}

/** Files that are edited and are not in their tarball. */
export function missingFiles(files: FileSystem, { tarballs }: LoadedProject): Diagnostic[] {
  return (tarballs?.services ?? []).flatMap(({ service, context, written, settings }) =>
    Object.keys(settings.files ?? {}).flatMap((path): Diagnostic[] => {
      const place = join(context, layerOf(path, 0), path)
      if (files.stat(place) !== undefined) return []
      const pointer = settingPointer(service, 'files', path)
      const at = tarballs?.placeOf(pointer)
      return [
        {
          code: 'containerize/no-file',
          severity: 'error',
          message: `${path} is not in ${written}`,
          path: pointer,
          hint: `use the path below the top folder; \`landfall check ${written}\` lists the files of settings`,
          ...(at !== undefined && { at }),
        },
      ]
    }),
  )
}
