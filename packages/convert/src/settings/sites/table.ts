import { Buffer } from 'node:buffer'
import { dirname, join } from 'node:path/posix'
import { type FileSystem, readWithin } from '@landfall/compose'
import { type Diagnostic, recordOf, type Span, toPointer } from '@landfall/diagnostic'
import type { ConvertCode } from '../../codes.ts'
import { isMapping } from '../../mapping.ts'
import { parseText } from '../parse-text.ts'
import { type Cell, parseCsv } from './csv.ts'
import type { Fact } from './site.ts'

/** A row of a file of sites. */
export interface SiteRow {
  values: Readonly<Record<string, Fact>>
  at: Span
}

/** A file of sites, by the names in its column `name`. */
export interface SiteTable {
  rows: ReadonlyMap<string, SiteRow>
  diagnostics: Diagnostic<ConvertCode>[]
  /** The name that spans carry, and its text; absent if it cannot be read. */
  source?: readonly [name: string, text: string]
}

/** Bytes. */
const LARGEST = 1024 * 1024

/** Reads the file of `from`: CSV with a line of names, or a YAML list of mappings. `settingsName` is that of landfall.yaml in spans, `from` the place of the key. */
export function readSiteTable(
  files: FileSystem,
  projectDirectory: string,
  path: string,
  settingsName: string,
  from: { path: string; at: Span | undefined },
): SiteTable {
  const directory = dirname(settingsName)
  const name = directory === '.' ? path : join(directory, path)
  const failed = (message: string, hint: string, start?: number, end = start): SiteTable => ({
    rows: new Map(),
    diagnostics: [
      {
        code: 'convert/site-values',
        severity: 'error',
        message,
        path: from.path,
        hint,
        ...((start !== undefined || from.at !== undefined) && {
          at: start === undefined ? (from.at as Span) : { file: name, start, end: end ?? start },
        }),
      },
    ],
  })
  const read = readWithin(files, join(projectDirectory, path), LARGEST)
  if (!('bytes' in read))
    return failed(
      `${name} ${'problem' in read ? read.problem : 'does not exist'}`,
      'from is the path of a CSV or YAML file of the project',
    )
  const text = Buffer.from(read.bytes).toString('utf8')
  const source = [name, text] as const
  const found = path.endsWith('.csv') ? fromCsv(text, name) : fromYaml(text, name)
  if (!('problem' in found)) return { ...byName(found, from.path), source }
  return { ...failed(found.problem, found.hint, found.start, found.end), source }
}

interface Problem {
  problem: string
  hint: string
  start: number
  end?: number
}

function fromCsv(text: string, file: string): SiteRow[] | Problem {
  const parsed = parseCsv(text)
  if ('problem' in parsed)
    return { ...parsed, hint: 'values with commas are in quotes, and quotes in them are doubled' }
  const [header = [], ...lines] = parsed
  const columns = header.map((cell) => cell.text)
  const [twice] = columns.filter((column, index) => columns.indexOf(column) !== index)
  if (!columns.includes('name') || twice !== undefined)
    return {
      problem:
        twice === undefined
          ? 'the first line has no column "name"'
          : `the column "${twice}" is there twice`,
      hint: 'the first line has the names of the columns: name,site_id,latitude,longitude',
      start: 0,
      end: header.at(-1)?.end ?? 0,
    }
  const rows: SiteRow[] = []
  for (const line of lines) {
    const [first, last] = [line[0] as Cell, line.at(-1) as Cell]
    if (line.length !== columns.length)
      return {
        problem: `the line has ${line.length} values for ${columns.length} columns`,
        hint: 'a value that is empty has a comma as well',
        start: first.start,
        end: last.end,
      }
    const values = columns
      .map((column, index) => [column, line[index]?.text ?? ''] as const)
      .filter(([, value]) => value !== '')
    rows.push({ values: recordOf(values), at: { file, start: first.start, end: last.end } })
  }
  return rows
}

function fromYaml(text: string, file: string): SiteRow[] | Problem {
  const { value, values: places, diagnostics } = parseText(text, file)
  const [syntax] = diagnostics
  if (syntax !== undefined)
    return { problem: syntax.message, hint: 'the file must be YAML', start: syntax.at?.start ?? 0 }
  const rows: SiteRow[] = []
  for (const [index, item] of (Array.isArray(value) ? value : [value]).entries()) {
    const at = places.get(toPointer([index])) ?? { file, start: 0, end: 0 }
    const wrong = isMapping(item)
      ? Object.entries(item).find(([, one]) => !/^(string|number|boolean)$/.test(typeof one))?.[0]
      : ''
    if (!Array.isArray(value) || !isMapping(item) || wrong !== undefined)
      return {
        problem: wrong ? `${wrong} must be one value` : 'the file must be a list of mappings',
        hint: 'write one mapping per site: - { name: edge-001, site_id: "002" }',
        start: at.start,
        end: at.end,
      }
    rows.push({ values: recordOf(Object.entries(item) as [string, Fact][]), at })
  }
  return rows
}

function byName(found: readonly SiteRow[], path: string): Pick<SiteTable, 'rows' | 'diagnostics'> {
  const rows = new Map<string, SiteRow>()
  const diagnostics: Diagnostic<ConvertCode>[] = []
  for (const row of found) {
    const name = String(row.values.name ?? '')
    const other = rows.get(name)
    if (other === undefined && name !== '') rows.set(name, row)
    else
      diagnostics.push({
        code: 'convert/site-values',
        severity: 'error',
        message: name === '' ? 'a row has no name of a site' : `${name} is there twice`,
        path,
        at: row.at,
        hint: 'each row has the name of one site in the column name',
        ...(other && { related: [{ message: 'also here', at: other.at }] }),
      })
  }
  return { rows, diagnostics }
}
