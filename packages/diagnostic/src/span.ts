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

/** Line and column of an offset; an offset past the end is the end. */
export function positionAt(text: string, offset: number): Position {
  const end = Math.min(offset, text.length)
  let line = 1
  let lineStart = 0
  for (let at = text.indexOf('\n'); at !== -1 && at < end; at = text.indexOf('\n', at + 1)) {
    line++
    lineStart = at + 1
  }
  return { line, column: end - lineStart + 1 }
}

/** `file:line:column` of a span's start, or the file alone when its text is not known. */
export function formatSpan(span: Span, sources: Sources): string {
  const text = sources.get(span.file)
  if (text === undefined) return span.file
  const { line, column } = positionAt(text, span.start)
  return `${span.file}:${line}:${column}`
}
