import { join, relative, resolve } from 'node:path/posix'
import type { FileSystem } from '@landfall/compose'
import { layerOf, programDirectory } from '@landfall/containerize'
import type { LandfallFile, ServiceSettings } from '@landfall/convert'
import { type Diagnostic, type Origins, type Span, spanOf, toPointer } from '@landfall/diagnostic'
import { settingPointer, type TarballService } from '../declared.ts'
import type { LoadedProject } from '../load.ts'
import { secretOf } from './secret-of.ts'

const KEYS = [
  'checksum',
  'start',
  'java',
  'base',
  'packages',
  'prepare',
  'jvm',
  'logs',
] as const satisfies (keyof ServiceSettings)[]

/** Settings in which the paths of files inside of tarballs are those of the project, and what is wrong with those of tarballs. */
export function settingsOfTarballs(
  settings: LandfallFile,
  origins: Origins,
  { tarballs, projectDirectory }: LoadedProject,
): { settings: LandfallFile; origins: Origins; diagnostics: Diagnostic[] } {
  const diagnostics: Diagnostic[] = []
  const placed = new Map(origins)
  const reporter =
    (kind: Pick<Diagnostic, 'code' | 'severity'>): Report =>
    (path, message, hint) => {
      const at: Span | undefined = spanOf(origins, path)
      diagnostics.push({ ...kind, message, path, hint, ...(at !== undefined && { at }) })
    }
  const report = reporter({ code: 'containerize/wrong-setting', severity: 'error' })
  const warn = reporter({ code: 'containerize/secret-in-image', severity: 'warning' })
  const services = Object.entries(settings.services ?? {}).map(
    ([name, service]): [string, ServiceSettings] => {
      const one = tarballs?.services.find(({ service: other }) => other === name)
      check(name, service, one, report, warn)
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

type Report = (path: string, message: string, hint: string) => void

function check(
  name: string,
  settings: ServiceSettings,
  one: TarballService | undefined,
  report: Report,
  warn: Report,
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
  for (const [index, command] of (settings.prepare ?? []).entries()) {
    const secret = secretOf(command)
    if (secret === undefined) continue
    warn(
      settingPointer(name, 'prepare', String(index)),
      `a command that prepares ${name} contains a secret (${secret}): it is kept in the image, where everyone who has the image can read it`,
      'let the command make a random one, "$(head -c 18 /dev/urandom | base64)", and mount a secret of the Compose file over the file that it writes',
    )
  }
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
          hint:
            settings.prepare === undefined
              ? `use the path below the top folder; \`landfall check ${written}\` lists the files of settings`
              : 'a file that a command of prepare makes is edited by a further command of prepare',
          ...(at !== undefined && { at }),
        },
      ]
    }),
  )
}
