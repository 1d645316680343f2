/** Where a reader stands in its text. */
export interface Cursor {
  readonly text: string
  at: number
  /** Of the line that the cursor was moved to last; -1 at the end of the text. */
  column: number
  /** The smallest column of the comments before that line; Infinity: there are none. */
  comment: number
}

/** Thrown by {@link unusual} and caught where reading began: nothing is wrong, but another reader has to judge. */
export const notOrdinary = new Error('not ordinary YAML')

export function unusual(): never {
  throw notOrdinary
}

export const char = {
  newline: 10,
  space: 32,
  bang: 33,
  doubleQuote: 34,
  hash: 35,
  percent: 37,
  ampersand: 38,
  singleQuote: 39,
  star: 42,
  plus: 43,
  comma: 44,
  dash: 45,
  dot: 46,
  colon: 58,
  greater: 62,
  question: 63,
  at: 64,
  openBracket: 91,
  backslash: 92,
  closeBracket: 93,
  backtick: 96,
  openBrace: 123,
  pipe: 124,
  closeBrace: 125,
} as const

/** Whether a character code ends a word: a space, a line feed, or the end of the text (NaN). */
export function isBlank(code: number): boolean {
  return code === char.space || code === char.newline || Number.isNaN(code)
}

export function isFlowIndicator(code: number): boolean {
  return (
    code === char.comma ||
    code === char.openBracket ||
    code === char.closeBracket ||
    code === char.openBrace ||
    code === char.closeBrace
  )
}

/** Whether a plain scalar may begin with a character; `-`, and outside of brackets `?` and `:`, before one of a word. */
export function beginsPlain(code: number, next: number, inFlow: boolean): boolean {
  switch (code) {
    case char.dash:
      return !isBlank(next) && !(inFlow && isFlowIndicator(next))
    case char.question:
    case char.colon:
      return !isBlank(next) && !inFlow
    case char.comma:
    case char.openBracket:
    case char.closeBracket:
    case char.openBrace:
    case char.closeBrace:
    case char.hash:
    case char.ampersand:
    case char.star:
    case char.bang:
    case char.pipe:
    case char.greater:
    case char.singleQuote:
    case char.doubleQuote:
    case char.percent:
    case char.at:
    case char.backtick:
      return false
    default:
      return !isBlank(code)
  }
}

export function skipSpaces(cursor: Cursor): void {
  while (cursor.text.charCodeAt(cursor.at) === char.space) cursor.at++
}

/** After a value: only spaces and a comment may follow on its line. The cursor then stands at the line feed or the end. */
export function endLine(cursor: Cursor): void {
  const { text } = cursor
  skipSpaces(cursor)
  const code = text.charCodeAt(cursor.at)
  if (code === char.hash && isBlank(text.charCodeAt(cursor.at - 1))) {
    const next = text.indexOf('\n', cursor.at)
    cursor.at = next === -1 ? text.length : next
  } else if (code !== char.newline && !Number.isNaN(code)) unusual()
}

/** From a line feed to what the next line holds that has more than a comment. */
export function nextContent(cursor: Cursor): void {
  const { text } = cursor
  cursor.comment = Number.POSITIVE_INFINITY
  for (;;) {
    const lineStart = cursor.at
    skipSpaces(cursor)
    const code = text.charCodeAt(cursor.at)
    if (code === char.newline) cursor.at++
    else if (code === char.hash) {
      cursor.comment = Math.min(cursor.comment, cursor.at - lineStart)
      const next = text.indexOf('\n', cursor.at)
      cursor.at = next === -1 ? text.length : next + 1
    } else {
      cursor.column = Number.isNaN(code) ? -1 : cursor.at - lineStart
      return
    }
  }
}
