import { spanOf, toPointer } from '@landfall/diagnostic'
import type { Adaptation } from '../../adaptation.ts'
import type { ConvertCode } from '../../codes.ts'
import type { Conversion, ServiceConversion } from '../../conversion.ts'
import { formatOf } from '../../edits/edit.ts'
import { settledPath } from '../../facts/mounts/file-settings.ts'
import type { FileSettings } from '../../settings/landfall-file.ts'
import { placeNumbers } from './numbers.ts'
import { reason } from './reasons.ts'
import { type Mounted, setAndDelete } from './set-and-delete.ts'

/** Each file of the services that was read from a path, or from below it. */
function mountedFrom(services: readonly ServiceConversion[], path: string): Mounted[] {
  return services.flatMap(({ plan }) =>
    plan.files.flatMap((mount) =>
      mount.files
        .filter(({ source }) => source === path || source?.startsWith(`${path}/`))
        .map((file) => ({ plan, mount, file })),
    ),
  )
}

/** Edits one file for some services; `inside`: where its settings are. */
function planFile(
  conversion: Conversion,
  services: readonly ServiceConversion[],
  inside: readonly string[],
  key: string,
  settings: FileSettings,
): void {
  const report = (
    path: readonly string[],
    problem: { code: ConvertCode; message: string; hint: string },
  ): void => {
    const pointer = toPointer([...inside, key, ...path])
    const at = spanOf(conversion.settingsOrigins, pointer)
    const place = at === undefined ? {} : { at }
    conversion.report({ severity: 'error', path: pointer, ...problem, ...place })
  }
  const path = settledPath(conversion, key).replace(/\/$/, '')
  const mounted = mountedFrom(services, path)
  if (mounted.length === 0) {
    const who = inside.length === 1 ? 'no service mounts' : `${inside[1]} does not mount`
    report([], {
      code: 'convert/unknown-file',
      message: `${who} ${key}`,
      hint: 'use the path as in the Compose file, relative to the project directory: ./config.json',
    })
    return
  }
  const { set = {}, delete: deleted = [] } = settings
  if (Object.keys(set).length + deleted.length === 0) return
  const format = settings.format ?? formatOf(path)
  const exact = mounted.filter(({ file }) => file.source === path)
  if (format === undefined || exact.length === 0)
    report([], {
      code: 'convert/edit-unreadable',
      message:
        exact.length === 0
          ? `${key} is a directory`
          : `the format of ${key} is not known from its name`,
      hint:
        exact.length === 0
          ? 'use the path of a file'
          : 'add format: json, yaml, toml, ini, properties, xml or env',
    })
  else
    setAndDelete(
      conversion,
      exact,
      { set, deleted, format, path, at: [...inside, key] },
      (at, { message, ...problem }) => report(at, { ...problem, message: `${key} ${message}` }),
    )
}

export default {
  id: 'file-edits',
  reasons: reason,
  title: 'Set values in the files that the project mounts',
  plan(conversion) {
    const { services, settings } = conversion
    for (const [key, file] of Object.entries(settings.files ?? {}))
      planFile(conversion, services, ['files'], key, file)
    for (const service of services)
      for (const [key, file] of Object.entries(service.settings.files ?? {}))
        planFile(conversion, [service], ['services', service.service, 'files'], key, file)
    for (const { plan } of services)
      for (const file of plan.files.flatMap((mount) => mount.files)) placeNumbers(file)
  },
} satisfies Adaptation
