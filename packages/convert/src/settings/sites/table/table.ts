import { Buffer, isUtf8 } from 'node:buffer'
import { dirname, join } from 'node:path/posix'
import { type FileSystem, readWithin } from '@landfall/compose'
import type { Diagnostic, Span } from '@landfall/diagnostic'
import type { ConvertCode } from '../../../codes.ts'
import type { Fact } from '../site.ts'
import type { SiteRow, TableProblem } from './row.ts'
import { rowsOfCsv } from './rows-of-csv.ts'
import { rowsOfYaml } from './rows-of-yaml.ts'

/** A file of sites, by the names in its column `name`. */
export interface SiteTable {
  rows: ReadonlyMap<string, SiteRow>
  diagnostics: Diagnostic<ConvertCode>[]
  /** The name that spans carry, and its text; absent if it cannot be read. */
  source?: readonly [name: string, text: string]
}

/** Bytes. */
const LARGEST = 1024 * 1024

/** What is known of a site besides its row, under names that columns cannot have. */
const TAKEN = ['number', 'project', 'location/latitude', 'location/longitude']

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
  const diagnosticOf = (
    message: string,
    hint: string,
    at: Span | undefined,
  ): Diagnostic<ConvertCode> => ({
    ...{ code: 'convert/site-values', severity: 'error', message, path: from.path, hint },
    ...(at !== undefined && { at }),
  })
  const unreadable = (message: string, hint: string): SiteTable => ({
    rows: new Map(),
    diagnostics: [diagnosticOf(message, hint, from.at)],
  })
  const read = readWithin(files, join(projectDirectory, path), LARGEST)
  if (!('bytes' in read))
    return unreadable(
      `${name} ${'problem' in read ? read.problem : 'does not exist'}`,
      'from is the path of a CSV or YAML file of the project',
    )
  if (!isUtf8(read.bytes)) return unreadable(`${name} is not in UTF-8`, 'save it as "CSV UTF-8"')
  const text = Buffer.from(read.bytes).toString('utf8')
  const source = [name, text] as const
  const { rows, problems } = rowsOf(text, name)
  const diagnostics = problems.map(({ problem, hint, at, other }) => ({
    ...diagnosticOf(problem, hint, at),
    ...(other && { related: [{ message: 'also here', at: other }] }),
  }))
  return { rows, diagnostics, source }
}

interface CheckedRows {
  rows: ReadonlyMap<string, SiteRow>
  problems: readonly (TableProblem & { other?: Span })[]
}

/** The files that were read last, by their names: a project is converted once for each of its sites, with the same files. */
const known = new Map<string, CheckedRows & { text: string }>()

function rowsOf(text: string, name: string): CheckedRows {
  const before = known.get(name)
  if (before?.text === text) return before
  const found = name.endsWith('.csv') ? rowsOfCsv(text, name) : rowsOfYaml(text, name)
  const checked = 'problem' in found ? { rows: new Map(), problems: [found] } : checkedRows(found)
  known.set(name, { ...checked, text })
  return checked
}

function checkedRows(found: readonly SiteRow[]): CheckedRows {
  const rows = new Map<string, SiteRow>()
  const problems: (TableProblem & { other?: Span })[] = []
  const hint = 'each row has the name of one site in the column name'
  const [{ places = {} } = {}] = found
  for (const column of TAKEN)
    if (places[column] !== undefined)
      problems.push({
        problem: `"${column}" cannot be a column: it is known of each site`,
        hint: column.startsWith('location/')
          ? `rename it: ${column.slice('location/'.length)}`
          : 'rename it, and where it is used',
        at: places[column],
      })
  for (const row of found) {
    const { values, at } = row
    const name = String(values.name ?? '')
    const other = rows.get(name)
    const place = row.places.name ?? at
    if (name === '') problems.push({ problem: 'a row has no name of a site', hint, at })
    else if (other !== undefined)
      problems.push({
        ...{ problem: `${name} is there twice`, hint, at: place },
        other: other.places.name ?? other.at,
      })
    else rows.set(name, row)
    for (const [axis, most] of [
      ['latitude', 90],
      ['longitude', 180],
    ] as const) {
      const degrees = values[axis]
      if (degrees === undefined || isDegrees(degrees, most)) continue
      problems.push({
        problem: `${axis} ${JSON.stringify(degrees)} is not a number from -${most} to ${most}`,
        hint: /^-?\d+,\d+$/.test(String(degrees))
          ? `write a decimal point: ${String(degrees).replace(',', '.')}`
          : 'write degrees, such as 35.6',
        at: row.places[axis] ?? at,
      })
    }
  }
  return { rows, problems }
}

function isDegrees(value: Fact, most: number): boolean {
  const isNumber =
    typeof value === 'number' || /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(String(value))
  return isNumber && Math.abs(Number(value)) <= most
}
