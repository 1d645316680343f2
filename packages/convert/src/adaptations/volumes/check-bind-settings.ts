import { type Diagnostic, spanOf, toPointer } from '@landfall/diagnostic'
import type { ConvertCode } from '../../codes.ts'
import type { Conversion } from '../../conversion.ts'
import { pathOfKey } from '../../facts/binds/overruled.ts'
import { isWithin } from '../../facts/binds/paths.ts'
import { bindTrees } from '../../facts/binds/trees.ts'
import { suggestion } from '../../settings/validate.ts'

/**
 * Reports keys under `volumes` in landfall.yaml that no service binds, `as` for what is no bind, and two paths of one tree with
 * different `as`: a tree is one thing.
 */
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
    report(conversion, ['volumes', key], 'convert/unknown-volume', {
      message: `no service binds ${key}`,
      hint: nearestBind(conversion, key, path),
    })
  }
  checkOneDecision(conversion)
}

/** The bind that a path is in, those that are in it, or the one with the nearest name. */
function nearestBind(conversion: Conversion, key: string, path: string): string {
  const binds = bindTrees(conversion).flatMap((tree) => tree.binds)
  const shown = [...new Set(binds.map((bind) => bind.shown))]
  const around = binds.findLast(({ source }) => isWithin(path, source))
  if (around !== undefined)
    return `${key} is in ${around.shown}, which the project binds: use that path`
  const below = [
    ...new Set(binds.filter(({ source }) => isWithin(source, path)).map((one) => one.shown)),
  ]
  if (below.length > 0) return `the project binds ${below.join(', ')}: use one of them`
  if (shown.length === 0) return 'the project has no binds'
  const nearest = suggestion(key, shown)
  return nearest.startsWith('did you mean') ? nearest : `the project binds ${shown.join(', ')}`
}

function checkOneDecision(conversion: Conversion): void {
  const declared = Object.entries(conversion.settings.volumes ?? {}).flatMap(([key, { as }]) =>
    as === undefined ? [] : [{ key, as, path: pathOfKey(conversion, key) ?? key }],
  )
  for (const { binds, shown, volume } of bindTrees(conversion)) {
    const [first, ...others] = declared.filter(
      ({ path }) => path === volume || binds.some(({ source }) => source === path),
    )
    for (const other of others) {
      if (first === undefined || other.as === first.as) continue
      const at = spanOf(conversion.settingsOrigins, toPointer(['volumes', first.key, 'as']))
      report(conversion, ['volumes', other.key, 'as'], 'convert/wrong-value', {
        message: `${other.key} and ${first.key} overlap, so they are one tree: ${other.as} and ${first.as} exclude each other`,
        hint: `set as for ${shown} alone`,
        ...(at && { related: [{ message: `${first.key} is ${first.as} here`, at }] }),
      })
    }
  }
}

function report(
  conversion: Conversion,
  keys: string[],
  code: ConvertCode,
  problem: Pick<Diagnostic<ConvertCode>, 'message' | 'hint' | 'related'>,
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
