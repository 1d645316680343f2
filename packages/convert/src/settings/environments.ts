import { type Diagnostic, type Origin, ownValue, recordOf, toPointer } from '@landfall/diagnostic'
import type { ConvertCode } from '../codes.ts'
import { isMapping } from '../mapping.ts'
import type { LandfallFile } from './landfall-file.ts'
import { suggestion } from './validate.ts'

/** Values that are replaced as a whole: an effect and a check have one kind, an outside service one place, a value of a file one source. */
function isWhole(path: readonly string[]): boolean {
  return (
    /^(ready|alive|doneWhen)$/.test(path.at(-1) ?? '') ||
    (path.at(-2) === 'set' && path.at(-4) === 'files') ||
    ((path[0] === 'external' || path[0] === 'checks') && path.length === 2)
  )
}

/**
 * The settings of an environment: its mappings merged into those of the file, everything else in their place. What it
 * sets gets the origin of its own key. An unknown environment is a diagnostic.
 */
export function overlay(
  base: LandfallFile,
  environments: Readonly<Record<string, LandfallFile>>,
  wanted: string | undefined,
  origins: Map<string, Origin[]>,
  diagnostics: Diagnostic<ConvertCode>[],
): LandfallFile {
  if (wanted === undefined) return base
  const differences = ownValue(environments, wanted)
  if (differences === undefined) {
    const known = Object.keys(environments)
    diagnostics.push({
      code: 'convert/unknown-environment',
      severity: 'error',
      message: `there is no environment "${wanted}"`,
      path: '/environments',
      hint:
        known.length === 0
          ? `define it in landfall.yaml under environments.${wanted}`
          : suggestion(wanted, known),
    })
    return base
  }
  return mergeLayer(base, differences, ['environments', wanted], origins)
}

/** Settings with those of a layer, which is at this path of the file: mappings are merged, everything else is replaced, with its origin. */
export function mergeLayer(
  base: LandfallFile,
  layer: LandfallFile,
  at: readonly string[],
  origins: Map<string, Origin[]>,
): LandfallFile {
  /** The origins of its parts are those of the environment, in lists as well. */
  const replaced = (value: unknown, path: string[]): unknown => {
    const [here, there] = [toPointer(path), toPointer([...at, ...path])]
    for (const pointer of [...origins.keys()])
      if (pointer.startsWith(`${here}/`)) origins.delete(pointer)
    for (const [pointer, found] of [...origins])
      if (pointer.startsWith(`${there}/`)) origins.set(here + pointer.slice(there.length), found)
    return value
  }
  const merge = (below: unknown, above: unknown, path: string[]): unknown => {
    const origin = origins.get(toPointer([...at, ...path]))
    if (origin !== undefined) origins.set(toPointer(path), origin)
    if (isWhole(path)) return replaced(above, path)
    if (!isMapping(above)) return above
    const merged = recordOf(isMapping(below) ? Object.entries(below) : [])
    for (const [key, value] of Object.entries(above))
      merged[key] = merge(merged[key], value, [...path, key])
    return merged
  }
  return merge(base, layer, []) as LandfallFile
}
