import { ownValue, recordOf } from '@landfall/diagnostic'
import { isMapping } from '../../mapping.ts'
import type { Fact } from './site.ts'

const PLACEHOLDER = /\{\{\s*([^{}\s]+)\s*\}\}/g

/** A text with the facts that it names: `{{name}}`. `unknown` gets the names of those that the site does not have. */
export function fillText(
  text: string,
  facts: Readonly<Record<string, Fact>>,
  unknown: (name: string) => void,
): string {
  return text.replace(PLACEHOLDER, (whole, name: string) => {
    const value = ownValue(facts, name)
    if (value === undefined) unknown(name)
    return value === undefined ? whole : String(value)
  })
}

/** Parts of settings in which `{{NAME}}` means something else, or is text of a file. */
const LEFT: ReadonlySet<string> = new Set(['checks', 'files'])

/** Settings whose texts have the facts that they name; `path` of an unknown one starts at the settings. */
export function fillSettings<T>(
  settings: T,
  facts: Readonly<Record<string, Fact>>,
  unknown: (name: string, path: (string | number)[]) => void,
): T {
  const fill = (value: unknown, path: (string | number)[]): unknown => {
    if (typeof value === 'string') return fillText(value, facts, (name) => unknown(name, path))
    if (Array.isArray(value)) return value.map((one, index) => fill(one, [...path, index]))
    if (!isMapping(value)) return value
    return recordOf(
      Object.entries(value).map(([key, one]) => [
        key,
        LEFT.has(key) ? one : fill(one, [...path, key]),
      ]),
    )
  }
  return fill(settings, []) as T
}
