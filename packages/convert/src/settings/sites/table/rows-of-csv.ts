import { recordOf, type Span } from '@landfall/diagnostic'
import { type Cell, parseCsv } from './csv.ts'
import type { SiteRow, TableProblem } from './row.ts'

/** The rows of a CSV file whose first line has the names of the columns. Values are texts; those that are empty are left out. */
export function rowsOfCsv(text: string, file: string): SiteRow[] | TableProblem {
  const spanOf = (first: Cell, last = first): Span => ({ file, start: first.start, end: last.end })
  const parsed = parseCsv(text)
  if ('problem' in parsed) {
    const { problem, start } = parsed
    const hint = 'values with commas are in quotes, and quotes in them are doubled'
    return { problem, hint, at: { file, start, end: start } }
  }
  const [header, ...lines] = parsed
  if (header === undefined)
    return {
      problem: 'the file has no line',
      hint: 'the first line has the names of the columns: name,site_id,latitude,longitude',
      at: { file, start: 0, end: 0 },
    }
  const wrong = headerProblem(header)
  if (wrong !== undefined) {
    const [cell, problem, hint] = wrong
    const at = cell === undefined ? spanOf(header[0] as Cell, header.at(-1)) : spanOf(cell)
    return { problem, hint, at }
  }
  const rows: SiteRow[] = []
  for (const line of lines) {
    const [first, last] = [line[0] as Cell, line.at(-1) as Cell]
    if (line.length !== header.length)
      return {
        problem: `the line has ${count(line.length, 'value')} for ${count(header.length, 'column')}`,
        hint:
          line.length > header.length
            ? 'values with commas are in quotes'
            : 'a value that is empty has a comma as well',
        at: spanOf(first, last),
      }
    const cells = header.map((column, index) => [column.text, line[index] as Cell] as const)
    rows.push({
      values: recordOf(
        cells.filter(([, cell]) => cell.text !== '').map(([column, cell]) => [column, cell.text]),
      ),
      places: recordOf(cells.map(([column, cell]) => [column, spanOf(cell)])),
      at: spanOf(first, last),
    })
  }
  return rows
}

function headerProblem(
  header: readonly Cell[],
): [cell: Cell | undefined, problem: string, hint: string] | undefined {
  const columns = header.map(({ text }) => text)
  const twice = header.find(({ text }, index) => columns.indexOf(text) !== index)
  const unnamed = header.find(({ text }) => text === '')
  if (unnamed !== undefined)
    return [unnamed, 'a column has no name', 'name it, or remove its comma in all lines']
  if (twice !== undefined)
    return [twice, `the column "${twice.text}" is there twice`, 'rename or remove one of them']
  if (columns.includes('name')) return undefined
  const near = columns.find((column) => column.toLowerCase() === 'name')
  const separator = /[;\t]/.exec(columns.join())?.[0]
  const hint =
    near !== undefined
      ? `rename "${near}": the names of columns are compared with their case`
      : separator !== undefined && columns.length === 1
        ? `separate values by commas, not by ${separator === ';' ? 'semicolons' : 'tabs'}`
        : 'the first line has the names of the columns: name,site_id,latitude,longitude'
  return [undefined, 'the first line has no column "name"', hint]
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`
}
