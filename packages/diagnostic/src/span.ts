/** A stretch of a source text, as UTF-16 offsets; line and column exist only when printed. */
export interface Span {
  readonly file: string
  readonly start: number
  readonly end: number
}

/** The texts that spans point into, by the file name that the span carries. */
export type Sources = ReadonlyMap<string, string>

/** A place for people: both numbers start at 1, the column counts UTF-16 units. */
export interface Position {
  readonly line: number
  readonly column: number
}

/** The text that was asked for last with the offsets of its lines: many places are looked up in one text. */
let known: { readonly text: string; readonly starts: readonly number[] } = { text: '', starts: [0] }

function lineStarts(text: string): readonly number[] {
  if (text === known.text) {
    // the next time it is the same string, which is not compared
    known = { text, starts: known.starts }
    return known.starts
  }
  const starts = [0]
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  known = { text, starts }
  return starts
}

/** Line and column of an offset; an offset past the end is the end. */
export function positionAt(text: string, offset: number): Position {
  const end = Math.min(offset, text.length)
  const starts = lineStarts(text)
  let [low, high] = [0, starts.length]
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if ((starts[middle] as number) <= end) low = middle
    else high = middle
  }
  return { line: low + 1, column: end - (starts[low] as number) + 1 }
}

/** `file:line:column` of a span's start, or the file alone when its text is not known. */
export function formatSpan(span: Span, sources: Sources): string {
  const text = sources.get(span.file)
  if (text === undefined) return span.file
  const { line, column } = positionAt(text, span.start)
  return `${span.file}:${line}:${column}`
}
