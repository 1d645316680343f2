import { spanOf, toPointer } from '@landfall/diagnostic'
import type { ConvertCode } from '../../codes.ts'
import type { Conversion } from '../../conversion.ts'
import { pathOfKey } from '../../facts/binds/overruled.ts'
import { bindTrees } from '../../facts/binds/trees.ts'

/** Reports keys under `volumes` in landfall.yaml that no service binds, and `as` for what is no bind. */
export function checkBindSettings(conversion: Conversion): void {
  const trees = bindTrees(conversion)
  const binds = trees.flatMap((tree) => tree.binds)
  const named = new Set(trees.map(({ volume }) => volume))
  const { settings, plan } = conversion
  for (const [key, { as }] of Object.entries(settings.volumes ?? {})) {
    const path = pathOfKey(conversion, key)
    if (path === undefined && as !== undefined && !named.has(key))
      report(conversion, ['volumes', key, 'as'], 'convert/wrong-value', {
        message: `${key} is a named volume, which is always a claim`,
        hint: 'remove as',
      })
    const known =
      path === undefined ||
      binds.some(({ source }) => source === path) ||
      plan.volumes.some(({ volume }) => volume === key)
    if (known) continue
    const shown = [...new Set(binds.map((bind) => bind.shown))]
    report(conversion, ['volumes', key], 'convert/unknown-volume', {
      message: `no service binds ${key}`,
      hint:
        shown.length === 0 ? 'the project has no binds' : `the project binds ${shown.join(', ')}`,
    })
  }
}

function report(
  conversion: Conversion,
  keys: string[],
  code: ConvertCode,
  problem: { message: string; hint: string },
): void {
  const path = toPointer(keys)
  const at = spanOf(conversion.settingsOrigins, path)
  conversion.report({
    code,
    severity: 'error',
    path,
    ...problem,
    ...(at === undefined ? {} : { at }),
  })
}
