import { recordOf, toPointer } from '@landfall/diagnostic'
import { isMapping } from '../../../mapping.ts'
import { parseText } from '../../parse-text.ts'
import type { Fact } from '../site.ts'
import type { SiteRow, TableProblem } from './row.ts'

/** The rows of a YAML file: a list of mappings. Values keep their types. */
export function rowsOfYaml(text: string, file: string): SiteRow[] | TableProblem {
  const { value, values: places, diagnostics } = parseText(text, file)
  const whole = { file, start: 0, end: 0 }
  const [syntax] = diagnostics
  if (syntax !== undefined)
    return { problem: syntax.message, hint: 'the file must be YAML', at: syntax.at ?? whole }
  const placeOf = (...path: (string | number)[]) => places.get(toPointer(path)) ?? whole
  const hint = 'write one mapping per site: - { name: edge-001, site_id: "002" }'
  if (!Array.isArray(value))
    return { problem: 'the file must be a list of mappings', hint, at: placeOf() }
  const rows: SiteRow[] = []
  for (const [index, item] of value.entries()) {
    const at = placeOf(index)
    if (!isMapping(item)) return { problem: 'the file must be a list of mappings', hint, at }
    const entries = Object.entries(item)
    const wrong = entries.find(([, one]) => one !== null && !isFact(one))?.[0]
    if (wrong !== undefined)
      return { problem: `${wrong} must be one value`, hint, at: placeOf(index, wrong) }
    rows.push({
      values: recordOf(entries.filter((entry): entry is [string, Fact] => isFact(entry[1]))),
      places: recordOf(entries.map(([key]) => [key, placeOf(index, key)])),
      at,
    })
  }
  return rows
}

function isFact(value: unknown): value is Fact {
  return /^(string|number|boolean)$/.test(typeof value)
}
