import type { SyntaxList, SyntaxMap, SyntaxNode, SyntaxPair } from '../syntax.ts'
import { beginsPlain, type Cursor, char, skipSpaces, unusual } from './cursor.ts'
import { plainEnd, readQuoted } from './scalars.ts'

/** A `[…]` or `{…}`; its further lines stand right of the `column` of what holds it, the last bracket may stand in it. */
export function readFlow(
  cursor: Cursor,
  column: number,
  isOutermost = true,
): SyntaxList | SyntaxMap {
  const start = cursor.at
  const isMap = cursor.text.charCodeAt(start) === char.openBrace
  const close = isMap ? char.closeBrace : char.closeBracket
  const lastBracket = isOutermost ? close : undefined
  const items: SyntaxNode[] = []
  const pairs: SyntaxPair[] = []
  cursor.at++
  for (;;) {
    skipInFlow(cursor, column, lastBracket)
    if (cursor.text.charCodeAt(cursor.at) === close) break
    if (isMap) pairs.push(readPair(cursor, column))
    else items.push(readItem(cursor, column))
    skipInFlow(cursor, column, lastBracket)
    const code = cursor.text.charCodeAt(cursor.at)
    if (code === close) break
    if (code !== char.comma) unusual()
    cursor.at++
  }
  const end = ++cursor.at
  return isMap ? { kind: 'map', start, end, pairs } : { kind: 'list', start, end, items }
}

function readItem(cursor: Cursor, column: number): SyntaxNode {
  const { text } = cursor
  const start = cursor.at
  const code = text.charCodeAt(start)
  if (code === char.openBrace || code === char.openBracket) return readFlow(cursor, column, false)
  if (code === char.singleQuote || code === char.doubleQuote) return readQuoted(cursor)
  if (code === char.star) return readAlias(cursor)
  if (!beginsPlain(code, text.charCodeAt(start + 1), true)) unusual()
  const { end, key } = plainEnd(cursor, true)
  if (key) unusual()
  cursor.at = end
  return { kind: 'scalar', start, end, text: text.slice(start, end), plain: true }
}

function readPair(cursor: Cursor, column: number): SyntaxPair {
  const { text } = cursor
  const start = cursor.at
  const code = text.charCodeAt(start)
  let key: SyntaxNode
  if (code === char.singleQuote || code === char.doubleQuote) {
    key = readQuoted(cursor)
    skipSpaces(cursor)
  } else {
    if (!beginsPlain(code, text.charCodeAt(start + 1), true)) unusual()
    const { end, key: isKey } = plainEnd(cursor, true)
    if (!isKey) unusual()
    key = { kind: 'scalar', start, end, text: text.slice(start, end), plain: true }
    cursor.at = end
    skipSpaces(cursor)
  }
  if (text.charCodeAt(cursor.at) !== char.colon) unusual()
  cursor.at++
  skipInFlow(cursor, column)
  const next = text.charCodeAt(cursor.at)
  if (next === char.comma || next === char.closeBrace) unusual()
  return { key, value: readItem(cursor, column) }
}

/** The name behind a `*`. */
export function readAlias(cursor: Cursor): SyntaxNode {
  const start = cursor.at++
  const name = readName(cursor)
  return { kind: 'alias', start, end: cursor.at, name }
}

/** The name of an anchor, at the cursor. */
export function readName(cursor: Cursor): string {
  const name = /[\w-]*/y
  name.lastIndex = cursor.at
  const found = name.exec(cursor.text)?.[0]
  if (!found) unusual()
  cursor.at += found.length
  return found
}

/** Spaces, line breaks and comments between the parts of a flow collection. */
function skipInFlow(cursor: Cursor, column: number, lastBracket?: number): void {
  const { text } = cursor
  let lineStart = -1
  for (;;) {
    const from = cursor.at
    skipSpaces(cursor)
    const code = text.charCodeAt(cursor.at)
    if (code === char.hash && (cursor.at > from || from === lineStart)) {
      const next = text.indexOf('\n', cursor.at)
      if (next === -1) unusual()
      cursor.at = next
    } else if (code === char.newline) lineStart = ++cursor.at
    else {
      const right = lineStart === -1 ? 1 : cursor.at - lineStart - column
      if (right < 0 || (right === 0 && code !== lastBracket)) unusual()
      return
    }
  }
}
