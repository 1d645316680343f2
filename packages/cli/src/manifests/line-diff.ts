/** What makes one text into another, in lines. */
export interface LineDiff {
  added: number
  removed: number
  /** The first place that differs, as a unified diff prints it: `@@ -3,4 +3,5 @@` and its lines. Undefined if the texts are equal. */
  hunk?: string[]
}

/** Lines around a change, as in a unified diff. */
const CONTEXT = 2

/** Lines of a hunk that are kept: it shows what kind of a change it is, not all of it. */
const LONGEST_HUNK = 16

/** Lines of both texts between their first and last difference that are compared one by one; longer parts count as replaced. */
const LARGEST = 2000

type Line = { mark: ' ' | '+' | '-'; text: string }

/** The lines that are removed from `before` and added by `after`. Neither needs to end with a line break. */
export function diffLines(before: string, after: string): LineDiff {
  const lines = compare(linesOf(before), linesOf(after))
  const count = (mark: Line['mark']) => lines.filter((line) => line.mark === mark).length
  const hunk = firstHunk(lines)
  return { added: count('+'), removed: count('-'), ...(hunk === undefined ? {} : { hunk }) }
}

function linesOf(text: string): string[] {
  if (text === '') return []
  return text.replace(/\n$/, '').split('\n')
}

function compare(before: string[], after: string[]): Line[] {
  let start = 0
  while (start < before.length && start < after.length && before[start] === after[start]) start++
  let end = 0
  while (
    end < Math.min(before.length, after.length) - start &&
    before[before.length - 1 - end] === after[after.length - 1 - end]
  )
    end++
  const same = (lines: string[]) => lines.map((text): Line => ({ mark: ' ', text }))
  return [
    ...same(before.slice(0, start)),
    ...between(before.slice(start, before.length - end), after.slice(start, after.length - end)),
    ...same(before.slice(before.length - end)),
  ]
}

/** The longest common subsequence of two lists, found from its end. */
function between(before: string[], after: string[]): Line[] {
  const removed = (text: string): Line => ({ mark: '-', text })
  const added = (text: string): Line => ({ mark: '+', text })
  if (Math.max(before.length, after.length) > LARGEST)
    return [...before.map(removed), ...after.map(added)]
  const width = after.length + 1
  const longest = new Uint16Array((before.length + 1) * width)
  const at = (row: number, column: number) => longest[row * width + column] ?? 0
  for (let row = before.length - 1; row >= 0; row--)
    for (let column = after.length - 1; column >= 0; column--)
      longest[row * width + column] =
        before[row] === after[column]
          ? at(row + 1, column + 1) + 1
          : Math.max(at(row + 1, column), at(row, column + 1))
  const lines: Line[] = []
  let [row, column] = [0, 0]
  while (row < before.length && column < after.length) {
    const [old, fresh] = [before[row] as string, after[column] as string]
    if (old === fresh) lines.push({ mark: ' ', text: old })
    else if (at(row + 1, column) >= at(row, column + 1)) lines.push(removed(old))
    else lines.push(added(fresh))
    const { mark } = lines.at(-1) as Line
    if (mark !== '+') row++
    if (mark !== '-') column++
  }
  return [...lines, ...before.slice(row).map(removed), ...after.slice(column).map(added)]
}

function firstHunk(lines: readonly Line[]): string[] | undefined {
  const changed = lines.flatMap(({ mark }, index) => (mark === ' ' ? [] : [index]))
  const [first] = changed
  if (first === undefined) return undefined
  let last = first
  for (const index of changed) if (index - last <= 2 * CONTEXT + 1) last = index
  const from = Math.max(0, first - CONTEXT)
  const hunk = lines.slice(from, last + CONTEXT + 1)
  const begins = (other: Line['mark']) => lines.slice(0, from).filter((line) => line.mark !== other)
  const range = (mark: '-' | '+') => {
    const other = mark === '-' ? '+' : '-'
    const length = hunk.filter((line) => line.mark !== other).length
    const before = begins(other).length
    return `${mark}${length === 0 ? before : before + 1},${length}`
  }
  const shown = hunk.slice(0, LONGEST_HUNK).map(({ mark, text }) => `${mark}${text}`)
  const left = hunk.length - shown.length
  return [
    `@@ ${range('-')} ${range('+')} @@`,
    ...shown,
    ...(left === 0 ? [] : [`… ${left} more lines`]),
  ]
}
