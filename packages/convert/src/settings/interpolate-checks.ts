import { describeTemplateError, substitute } from '@landfall/compose'
import { type Diagnostic, ownValue, toPointer } from '@landfall/diagnostic'
import type { ConvertCode } from '../codes.ts'
import { isMapping } from '../mapping.ts'
import type { ReadFile } from './parse-text.ts'

/** Values in all checks together: anchors of YAML can repeat a few ones without end. */
const MOST_VALUES = 100_000

/** Keys whose values have settings by names. */
export const LAYERS: ReadonlySet<string> = new Set(['environments', 'sites', 'siteTemplates'])

/** A settings file whose checks have the values of their variables. */
export interface Interpolated {
  value: unknown
  /** Names of the variables in each text that has some, by JSON Pointers. */
  used: Map<string, readonly string[]>
  diagnostics: Diagnostic<ConvertCode>[]
}

/**
 * Substitutes variables in the texts of `checks`, also in those of environments and sites, as Compose does in its file. Other keys of landfall.yaml have
 * no variables, and what is under `x-landfall` has been interpolated with the Compose file.
 */
export function interpolateChecks(
  file: ReadFile | undefined,
  variables: Readonly<Record<string, string>>,
): Interpolated {
  const used = new Map<string, readonly string[]>()
  const diagnostics: Diagnostic<ConvertCode>[] = []
  const report = (severity: 'error' | 'warning', pointer: string, text: string, hint: string) => {
    const at = file?.values.get(pointer)
    const place = at === undefined ? {} : { at }
    const code = 'convert/check-variable'
    diagnostics.push({ code, severity, message: text, path: pointer, ...place, hint })
  }
  let values = 0
  const visit = (value: unknown, path: (string | number)[]): unknown => {
    if (++values > MOST_VALUES) {
      if (values === MOST_VALUES + 1)
        report('error', '/checks', 'checks have too many values', 'use fewer YAML anchors')
      return null
    }
    if (Array.isArray(value)) return value.map((item, index) => visit(item, [...path, index]))
    if (isMapping(value)) return mapped(value, (key, item) => visit(item, [...path, key]))
    if (typeof value !== 'string') return value
    const pointer = toPointer(path)
    const found = substitute(value, (name) => ownValue(variables, name))
    if (found.used.length > 0) used.set(pointer, [...new Set(found.used)])
    if (found.error !== undefined)
      report(
        'error',
        pointer,
        describeTemplateError(found.error),
        `write $$ for a dollar sign; variables are $NAME, \${NAME}, \${NAME:-default}`,
      )
    for (const name of new Set(found.unset))
      report(
        'warning',
        pointer,
        `the variable ${name} is not set; an empty string is used`,
        `set ${name} in the environment or in the .env file, or give a default: \${${name}:-…}`,
      )
    return found.error === undefined ? found.text : value
  }
  const inside = (settings: unknown, path: string[]): unknown =>
    isMapping(settings)
      ? mapped(settings, (key, item) => (key === 'checks' ? visit(item, [...path, key]) : item))
      : settings
  const whole = inside(file?.value ?? {}, [])
  const value = isMapping(whole)
    ? mapped(whole, (key, item) =>
        LAYERS.has(key) && isMapping(item)
          ? mapped(item, (name, one) => inside(one, [key, name]))
          : item,
      )
    : whole
  return { value, used, diagnostics }
}

function mapped(
  mapping: Readonly<Record<string, unknown>>,
  change: (key: string, value: unknown) => unknown,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(mapping).map(([key, value]) => [key, change(key, value)]),
  )
}
