import { isFilePath } from '@landfall/compose'
import { type Diagnostic, displayPath, spanOf, toPointer, valueAt } from '@landfall/diagnostic'
import type { ConvertCode } from '../codes.ts'
import type { Conversion } from '../conversion.ts'
import { isDisabled } from '../facts/disabled.ts'
import { suggestion } from '../settings/validate.ts'

/** Reports each key that Kubernetes cannot provide, unless it is accepted to continue without it. */
export function reportRefusals({ ledger, report }: Conversion): void {
  for (const { outcome, dangerous, accepted, path, reason, hint } of ledger.entries())
    if (outcome === 'refused' && dangerous === true && accepted !== true)
      report({
        code: 'convert/refused' satisfies ConvertCode,
        severity: 'error',
        message: `${displayPath(path)} cannot be converted: ${reason}`,
        path,
        hint: `${hint}; or accept ${path.slice(1)} in landfall.yaml to continue without it`,
      })
}

/** Reports each path under `accept` that accepts no dangerous drop: a misspelled one, and one that is not needed. */
export function checkAcceptances(conversion: Conversion): void {
  const { settings, settingsOrigins, project, ledger, report } = conversion
  if (settings.accept === undefined) return
  const drops = ledger.entries().filter(({ dangerous }) => dangerous === true)
  const acceptable = new Set(drops.map(({ path }) => path))
  for (const [index, written] of settings.accept.entries()) {
    const pointer = `/${written.replace(/^\//, '')}`
    const [, family, service = ''] = pointer.split('/')
    if (acceptable.has(pointer)) continue
    if (family === 'services' && isDisabled(settings, service)) continue
    if (isFilePath(written) && valueAt(project, pointer) === undefined) continue
    const path = toPointer(['accept', index])
    const at = spanOf(settingsOrigins, path)
    const place: Pick<Diagnostic, 'path' | 'at'> = { path, ...(at === undefined ? {} : { at }) }
    if (valueAt(project, pointer) !== undefined)
      report({
        code: 'convert/nothing-to-accept' satisfies ConvertCode,
        severity: 'warning',
        message: `${written} is not dropped: there is nothing to accept`,
        ...place,
        hint: 'remove it',
      })
    else
      report({
        code: 'convert/unknown-acceptance' satisfies ConvertCode,
        severity: 'error',
        message: `the project has no key ${written}`,
        ...place,
        hint:
          drops.length === 0
            ? 'remove it: no drop needs to be accepted'
            : suggestion(
                written,
                drops.map(({ path }) => path.slice(1)),
              ),
      })
  }
}
