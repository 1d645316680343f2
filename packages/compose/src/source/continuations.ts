/** A text that was changed for its reader, and where its offsets are in the text as it was written. */
export interface Reindented {
  readonly text: string
  written(offset: number): number
}

/**
 * Indents the lines on which bracketed and quoted values go on: go-yaml does not mind their indentation, the `yaml`
 * package does. Their meaning does not change, since spaces at the beginning of such lines have none.
 */
export function indentContinuations(text: string): Reindented {
  const insertions: { readonly at: number; readonly total: number }[] = []
  let out = ''
  let total = 0
  let open: Open = { brackets: 0, quote: '', column: 0 }
  let blockIndent: number | undefined
  for (let start = 0; start < text.length; ) {
    const next = text.indexOf('\n', start)
    const end = next === -1 ? text.length : next + 1
    const line = text.slice(start, end)
    const indent = line.search(/[^ ]/)
    const isEmpty = line.trim() === ''
    const goesOn = open.brackets > 0 || open.quote !== ''
    if (blockIndent !== undefined && !isEmpty && indent <= blockIndent) blockIndent = undefined
    if (goesOn && !isEmpty && indent <= open.column) {
      const missing = open.column + 1 - indent
      out += ' '.repeat(missing)
      total += missing
      insertions.push({ at: start + total - missing, total })
    }
    out += line
    start = end
    if (blockIndent !== undefined) continue
    open = scanLine(line, open)
    if (!goesOn && /(?:^|[\s:-])[|>][-+0-9]*(?:\s+#.*)?\s*$/.test(line)) blockIndent = indent
  }
  return { text: out, written: (offset) => offset - insertedBefore(insertions, offset) }
}

/** What is open at the end of a line. */
interface Open {
  readonly brackets: number
  readonly quote: string
  /** Of the outermost bracket or quote. */
  readonly column: number
}

function scanLine(line: string, { brackets, quote, column }: Open): Open {
  let beforeToken = true
  for (let at = 0; at < line.length; at++) {
    const char = line[at] as string
    if (quote !== '') {
      if (char === '\\' && quote === '"') at++
      else if (char === "'" && quote === "'" && line[at + 1] === "'") at++
      else if (char === quote) quote = ''
      continue
    }
    if (char === '#' && /^$|\s/.test(line[at - 1] ?? '')) break
    const outermost = brackets === 0
    if ((char === '"' || char === "'") && beforeToken) {
      quote = char
      if (outermost) column = at
    } else if ((char === '[' || char === '{') && (beforeToken || !outermost)) {
      if (outermost) column = at
      brackets++
    } else if ((char === ']' || char === '}') && !outermost) brackets--
    beforeToken = startsToken(line, at, beforeToken, brackets > 0)
  }
  return { brackets, quote, column }
}

/** Whether a value can begin behind a character. */
function startsToken(line: string, at: number, before: boolean, inFlow: boolean): boolean {
  const char = line[at] as string
  if (/[ \t]/.test(char)) return before || /[:?-]/.test(line[at - 1] ?? '')
  if (inFlow && /[[{,:]/.test(char)) return true
  return before && /[&!]/.test(char) ? true : before && /[-?]/.test(char) && line[at + 1] === ' '
}

function insertedBefore(
  insertions: readonly { readonly at: number; readonly total: number }[],
  offset: number,
): number {
  let low = 0
  let high = insertions.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((insertions[middle]?.at ?? 0) < offset) low = middle + 1
    else high = middle
  }
  return insertions[low - 1]?.total ?? 0
}
