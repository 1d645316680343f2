import type { SyntaxList, SyntaxMap, SyntaxNode, SyntaxPair, SyntaxScalar } from '../syntax.ts'
import {
  beginsPlain,
  type Cursor,
  char,
  endLine,
  isBlank,
  nextContent,
  notOrdinary,
  skipSpaces,
  unusual,
} from './cursor.ts'
import { readAlias, readFlow, readName } from './flow.ts'
import { plainEnd, readBlockScalar, readPlain, readQuoted } from './scalars.ts'

/** Tabs, carriage returns, a byte order mark, and marks of further documents. */
const notHere = /[\t\r\ufeff]|^(?:---|\.\.\.)/m

/**
 * Reads a YAML text of one document that is written as nearly all Compose files are, many times faster than a reader of
 * all of YAML. undefined: it has something rarer (tags, explicit keys, quoted texts over several lines, …) or an error;
 * what this one reads, the other one reads the same.
 */
export function readOrdinary(text: string): SyntaxNode | undefined {
  const start = text.startsWith('---\n') ? 3 : 0
  if (notHere.test(start === 0 ? text : text.slice(start))) return undefined
  const cursor: Cursor = { text, at: start, column: -1, comment: Number.POSITIVE_INFINITY }
  try {
    nextContent(cursor)
    const root = cursor.column === 0 ? readBlock(cursor, -1) : unusual()
    return cursor.column === -1 && root.kind !== 'scalar' ? root : undefined
  } catch (error) {
    if (error === notOrdinary) return undefined
    throw error
  }
}

/** What begins on a line of its own under what stands at `parent`. */
function readBlock(cursor: Cursor, parent: number): SyntaxNode {
  if (atDash(cursor)) return readList(cursor, cursor.column)
  const key = readKey(cursor)
  if (key !== undefined) return readMap(cursor, cursor.column, key)
  // The other reader takes a scalar for a key when a comment that stands left comes before it.
  if (cursor.comment <= parent) unusual()
  return readInline(cursor, parent)
}

function readMap(cursor: Cursor, column: number, firstKey: SyntaxScalar): SyntaxMap {
  const pairs: SyntaxPair[] = []
  for (let key = firstKey; ; key = readKey(cursor) ?? unusual()) {
    const value = readValue(cursor, column, true)
    pairs.push({ key, value })
    if (cursor.column === column) continue
    if (cursor.column > column) unusual()
    return { kind: 'map', start: firstKey.start, end: value.end, pairs }
  }
}

function readList(cursor: Cursor, column: number): SyntaxList {
  const start = cursor.at
  const items: SyntaxNode[] = []
  for (;;) {
    const item = readItem(cursor, column)
    items.push(item)
    if (cursor.column === column && atDash(cursor)) continue
    if (cursor.column > column) unusual()
    return { kind: 'list', start, end: item.end, items }
  }
}

/** An item with its dash; a list or mapping may begin behind the dash. */
function readItem(cursor: Cursor, column: number): SyntaxNode {
  const dash = cursor.at++
  skipSpaces(cursor)
  const inner = column + cursor.at - dash
  if (atDash(cursor)) return readList(cursor, inner)
  const key = readKey(cursor)
  return key === undefined ? readValue(cursor, column, false) : readMap(cursor, inner, key)
}

/** A key with its colon; undefined, with the cursor where it was, when no key stands here. */
function readKey(cursor: Cursor): SyntaxScalar | undefined {
  const { text } = cursor
  const start = cursor.at
  const code = text.charCodeAt(start)
  if (code === char.doubleQuote || code === char.singleQuote) {
    const key = readQuoted(cursor)
    skipSpaces(cursor)
    if (text.charCodeAt(cursor.at) === char.colon && isBlank(text.charCodeAt(cursor.at + 1))) {
      cursor.at++
      return key
    }
    cursor.at = start
    return undefined
  }
  if (!beginsPlain(code, text.charCodeAt(start + 1), false)) return undefined
  const { end, key } = plainEnd(cursor, false)
  if (!key) return undefined
  if (end - start > 1000) unusual()
  cursor.at = end
  skipSpaces(cursor)
  cursor.at++
  return { kind: 'scalar', start, end, text: text.slice(start, end), plain: true }
}

/** What follows a colon or dash, on its line or below it. A list may stand in the column of the key that it belongs to. */
function readValue(cursor: Cursor, column: number, inMap: boolean): SyntaxNode {
  const { text } = cursor
  skipSpaces(cursor)
  const start = cursor.at
  let anchor: string | undefined
  if (text.charCodeAt(start) === char.ampersand) {
    cursor.at++
    anchor = readName(cursor)
    if (!isBlank(text.charCodeAt(cursor.at))) unusual()
    skipSpaces(cursor)
    const code = text.charCodeAt(cursor.at)
    if (code === char.star || (!inMap && readKey(cursor) !== undefined)) unusual()
  }
  const code = text.charCodeAt(cursor.at)
  let node: SyntaxNode
  if (code === char.newline || code === char.hash || Number.isNaN(code)) {
    endLine(cursor)
    nextContent(cursor)
    if (cursor.column > column || (inMap && cursor.column === column && atDash(cursor)))
      node = readBlock(cursor, column)
    else if (anchor !== undefined) unusual()
    else return { kind: 'scalar', start, end: start, text: '', plain: true }
  } else node = readInline(cursor, column)
  return anchor === undefined ? node : { ...node, anchor }
}

/** A value that is no block mapping or list, and the rest of its line. */
function readInline(cursor: Cursor, column: number): SyntaxNode {
  const node = readOnLine(cursor, column)
  endLine(cursor)
  nextContent(cursor)
  return node
}

function readOnLine(cursor: Cursor, column: number): SyntaxNode {
  const { text, at } = cursor
  const code = text.charCodeAt(at)
  switch (code) {
    case char.openBracket:
    case char.openBrace:
      return readFlow(cursor, column)
    case char.doubleQuote:
    case char.singleQuote:
      return readQuoted(cursor)
    case char.pipe:
    case char.greater:
      return readBlockScalar(cursor, column)
    case char.star:
      return readAlias(cursor)
    default:
      return beginsPlain(code, text.charCodeAt(at + 1), false)
        ? readPlain(cursor, column)
        : unusual()
  }
}

function atDash(cursor: Cursor): boolean {
  return (
    cursor.text.charCodeAt(cursor.at) === char.dash &&
    isBlank(cursor.text.charCodeAt(cursor.at + 1))
  )
}
