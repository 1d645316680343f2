import { isDeepStrictEqual } from 'node:util'
import type { FileValue, ServicePlan } from '../../plan/plan.ts'
import type { FileFormat } from '../../settings/landfall-file.ts'

/** How a value is written where it belongs, by the characters that the format escapes. */
export type Escapes = 'json' | 'xml' | 'properties' | 'env' | 'ini' | 'quoted'

const ESCAPES: Readonly<Record<FileFormat, Escapes>> = {
  json: 'json',
  yaml: 'json',
  toml: 'json',
  xml: 'xml',
  properties: 'properties',
  env: 'env',
  ini: 'ini',
}

/** Formats in which the value is always in double quotes. */
const QUOTED: readonly FileFormat[] = ['json', 'yaml', 'toml', 'env']

/** What stands in a file in the place of a value that is known when the pod starts. */
export function placeholder(
  { fileValues }: ServicePlan,
  value: FileValue,
  format: FileFormat,
): string {
  const known = fileValues.findIndex((one) => isDeepStrictEqual(one, value))
  const number = known < 0 ? fileValues.push(value) - 1 : known
  return `__LANDFALL_${ESCAPES[format]}_${number}__`
}

/** A text in which the placeholder has the quotes that its escapes are for. */
export function withQuotes(text: string, token: string, format: FileFormat): string {
  const quoted = `"${token}"`
  if (QUOTED.includes(format))
    return text.replaceAll(new RegExp(`(["']?)${token}\\1`, 'g'), () => quoted)
  return format === 'ini' ? text.replaceAll(quoted, quoted.replace('_ini_', '_quoted_')) : text
}
