import { spanOf, toPointer } from '@landfall/diagnostic'
import type { Adaptation } from '../../adaptation.ts'
import type { ConvertCode } from '../../codes.ts'
import type { Conversion } from '../../conversion.ts'
import { formatOf, setValueInFile } from '../../edits/edit.ts'
import { settledPath } from '../../facts/mounts/file-settings.ts'
import type { FileContent, FileMount } from '../../plan/plan.ts'
import { knownSecretsOf } from '../../secrets/known.ts'
import type { FileSettings } from '../../settings/landfall-file.ts'
import { isSecretFile } from '../files/secret-files.ts'
import { reason } from './reasons.ts'

interface Mounted {
  mount: FileMount
  file: FileContent
}

/** Each mounted file that was read from a path, or from below it. */
function mountedFrom({ services }: Conversion, path: string): Mounted[] {
  return services.flatMap(({ plan }) =>
    plan.files.flatMap((mount) =>
      mount.files
        .filter(({ source }) => source === path || source?.startsWith(`${path}/`))
        .map((file) => ({ mount, file })),
    ),
  )
}

function planFile(conversion: Conversion, key: string, settings: FileSettings): void {
  const path = settledPath(conversion, key).replace(/\/$/, '')
  const mounted = mountedFrom(conversion, path)
  if (mounted.length === 0) {
    report(conversion, ['files', key], {
      code: 'convert/unknown-file',
      message: `no service mounts ${key}`,
      hint: 'use the path as in the Compose file, relative to the project directory: ./config.json',
    })
    return
  }
  const values = Object.entries(settings.set ?? {})
  const format = settings.format ?? formatOf(path)
  const exact = mounted.filter(({ file }) => file.source === path)
  if (values.length === 0) return
  if (format === undefined || exact.length === 0) {
    report(conversion, ['files', key], {
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
    return
  }
  for (const [pointer, value] of values)
    for (const [index, { mount, file }] of exact.entries()) {
      const edited = setValueInFile(file.bytes, format, pointer, value)
      if ('bytes' in edited) {
        file.bytes = edited.bytes
        if (isSecretFile(path, edited.bytes, knownSecretsOf(conversion))) file.secret = true
        if (mount.pointer !== undefined)
          conversion.ledger.amend(mount.pointer, reason('value-set', { pointer }))
      } else if (index === 0)
        report(conversion, ['files', key, 'set', pointer], {
          ...PROBLEMS[edited.problem],
          message: `${key} ${edited.message}`,
        })
    }
}

const PROBLEMS = {
  'not-found': {
    code: 'convert/edit-not-found',
    hint: 'paths start at the top of the file: /section/key; write ~1 for a slash in a key',
  },
  'wrong-type': {
    code: 'convert/edit-wrong-type',
    hint: 'use a value of the same type as in the file; quotes make a string',
  },
  unreadable: {
    code: 'convert/edit-unreadable',
    hint: 'set another format, or correct the file',
  },
} as const

function report(
  conversion: Conversion,
  path: string[],
  problem: { code: ConvertCode; message: string; hint: string },
): void {
  const pointer = toPointer(path)
  const at = spanOf(conversion.settingsOrigins, pointer)
  conversion.report({
    severity: 'error',
    path: pointer,
    ...problem,
    ...(at === undefined ? {} : { at }),
  })
}

export default {
  id: 'file-edits',
  reasons: reason,
  title: 'Set values in the files that the project mounts',
  plan(conversion) {
    for (const [key, settings] of Object.entries(conversion.settings.files ?? {}))
      planFile(conversion, key, settings)
  },
} satisfies Adaptation
