import type { SyntaxScalar } from '../syntax.ts'
import { type Cursor, char, isBlank, isFlowIndicator, skipSpaces, unusual } from './cursor.ts'

/** A scalar in single or double quotes on one line. */
export function readQuoted(cursor: Cursor): SyntaxScalar {
  const { text } = cursor
  const start = cursor.at
  const quote = text.charCodeAt(start)
  let hasEscapes = false
  let at = start + 1
  for (; ; at++) {
    const code = text.charCodeAt(at)
    if (code === char.newline || Number.isNaN(code)) unusual()
    if (code === quote) {
      if (quote === char.doubleQuote || text.charCodeAt(at + 1) !== quote) break
      hasEscapes = true
      at++
    } else if (code === char.backslash && quote === char.doubleQuote) {
      hasEscapes = true
      at++
    }
  }
  cursor.at = at + 1
  const inside = text.slice(start + 1, at)
  const value = !hasEscapes
    ? inside
    : quote === char.singleQuote
      ? inside.replaceAll("''", "'")
      : inside.replace(/\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|[\s\S])/g, unescaped)
  return { kind: 'scalar', start, end: cursor.at, text: value, plain: false }
}

const escapes: Readonly<Record<string, string>> = {
  '0': '\0',
  a: '\x07',
  b: '\b',
  e: '\x1b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  ' ': ' ',
  '"': '"',
  '\\': '\\',
}

function unescaped(_match: string, code: string): string {
  if (code.length > 1) {
    const value = Number.parseInt(code.slice(1), 16)
    return value >= 0xd800 && value < 0xe000 ? unusual() : String.fromCharCode(value)
  }
  return escapes[code] ?? unusual()
}

/** Where a plain scalar ends on its line, spaces after it left out; `key` tells that ": " follows. */
export function plainEnd(cursor: Cursor, inFlow: boolean): { end: number; key: boolean } {
  const { text } = cursor
  let end = cursor.at
  for (let at = cursor.at; ; at++) {
    const code = text.charCodeAt(at)
    if (code === char.space) continue
    if (code === char.newline || Number.isNaN(code)) return { end, key: false }
    if (code === char.hash && at > end) return { end, key: false }
    if (inFlow && isFlowIndicator(code)) return { end, key: false }
    if (code === char.colon) {
      const next = text.charCodeAt(at + 1)
      if (isBlank(next) || (inFlow && isFlowIndicator(next))) return { end, key: true }
    }
    end = at + 1
  }
}

/** A plain scalar as a value in a block: it goes on over lines that stand right of the `column` of what holds it. */
export function readPlain(cursor: Cursor, column: number): SyntaxScalar {
  const { text } = cursor
  const start = cursor.at
  const first = plainEnd(cursor, false)
  if (first.key) unusual()
  let value = text.slice(start, first.end)
  let end = first.end
  for (;;) {
    cursor.at = end
    skipSpaces(cursor)
    if (text.charCodeAt(cursor.at) !== char.newline) break
    let breaks = 0
    let lineStart = cursor.at
    while (text.charCodeAt(cursor.at) === char.newline) {
      breaks++
      lineStart = ++cursor.at
      skipSpaces(cursor)
    }
    const code = text.charCodeAt(cursor.at)
    if (Number.isNaN(code) || code === char.hash || cursor.at - lineStart <= column) break
    const line = plainEnd(cursor, false)
    if (line.key) unusual()
    value += (breaks === 1 ? ' ' : '\n'.repeat(breaks - 1)) + text.slice(cursor.at, line.end)
    end = line.end
  }
  cursor.at = end
  return { kind: 'scalar', start, end, text: value, plain: true }
}

/**
 * A `|` or `>` scalar under what stands at a column. The cursor is then at the line feed before what follows. As in go-yaml,
 * a last line without a line feed at the end of the text gets none.
 */
export function readBlockScalar(cursor: Cursor, column: number): SyntaxScalar {
  const { text } = cursor
  const start = cursor.at
  const folded = text.charCodeAt(start) === char.greater
  cursor.at++
  const strip = text.charCodeAt(cursor.at) === char.dash
  if (strip) cursor.at++
  skipSpaces(cursor)
  if (text.charCodeAt(cursor.at) !== char.newline) unusual()

  const lines: string[] = []
  let indent = -1
  let end = cursor.at
  let empty = 0
  for (let lineStart = cursor.at + 1; lineStart < text.length; ) {
    cursor.at = lineStart
    skipSpaces(cursor)
    const width = cursor.at - lineStart
    const newline = text.indexOf('\n', cursor.at)
    const lineEnd = newline === -1 ? text.length : newline
    if (cursor.at === lineEnd) {
      if (width > Math.max(indent, column + 1)) unusual()
      empty++
    } else {
      if (indent === -1) indent = width
      if (width < indent || indent <= column) break
      for (; empty > 0; empty--) lines.push('')
      lines.push(text.slice(lineStart + indent, lineEnd))
      end = lineEnd
    }
    lineStart = lineEnd + 1
  }
  if (lines.length === 0) unusual()
  cursor.at = end
  const isTerminated = !strip && end < text.length
  const value = (folded ? fold(lines) : lines.join('\n')) + (isTerminated ? '\n' : '')
  const sourceEnd = Math.min(end + 1, text.length)
  return { kind: 'scalar', start, end: sourceEnd, text: value, plain: false }
}

/** Lines as one, but for those that are indented further and the empty ones. */
function fold(lines: readonly string[]): string {
  let value = ''
  let separator = ''
  let indented = false
  for (const line of lines) {
    if (line.startsWith(' ')) {
      if (separator === ' ') separator = '\n'
      else if (!indented && separator === '\n') separator = '\n\n'
      value += separator + line
      separator = '\n'
      indented = true
    } else if (line === '') {
      if (separator === '\n') value += '\n'
      else separator = '\n'
    } else {
      value += separator + line
      separator = ' '
      indented = false
    }
  }
  return value
}
