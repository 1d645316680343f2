const PARTS = /\d+|\D+/g
const HAS_DIGIT = /\d/

/**
 * Compares two texts as people order them: digits as numbers, everything else by UTF-16 code units, so that the order is
 * the same whatever ICU data a Node.js has. `a9` is before `a10`. Equal only for equal texts.
 */
export function naturalOrder(a: string, b: string): number {
  return a === b ? 0 : keyOrder(keyOf(a), keyOf(b))
}

/** Items in the order of their JSON Pointers key by key, each as {@link naturalOrder} has it: what is below a key stands together. */
export function sortByPointer<T>(items: readonly T[], pointerOf: (item: T) => string): T[] {
  const known = new Map<string, Key>()
  const knownKey = (text: string): Key => {
    const key = known.get(text) ?? keyOf(text)
    known.set(text, key)
    return key
  }
  return items
    .map((item) => ({ item, keys: pointerOf(item).split('/').map(knownKey) }))
    .sort((a, b) => keysOrder(a.keys, b.keys))
    .map(({ item }) => item)
}

/** A text, and its digits and what is between them. */
interface Key {
  text: string
  parts: readonly string[]
}

function keyOf(text: string): Key {
  return { text, parts: HAS_DIGIT.test(text) ? (text.match(PARTS) ?? []) : [text] }
}

function keyOrder(a: Key, b: Key): number {
  const [left, right] = [a.parts, b.parts]
  for (let index = 0; index < left.length && index < right.length; index++) {
    const [one = '', other = ''] = [left[index], right[index]]
    const order = isNumber(one) && isNumber(other) ? byNumber(one, other) : byText(one, other)
    if (order !== 0) return order
  }
  return left.length - right.length || byText(a.text, b.text)
}

function keysOrder(left: readonly Key[], right: readonly Key[]): number {
  for (let index = 0; index < left.length && index < right.length; index++) {
    const [one, other] = [left[index] as Key, right[index] as Key]
    const order = one.text === other.text ? 0 : keyOrder(one, other)
    if (order !== 0) return order
  }
  return left.length - right.length
}

function isNumber(part: string): boolean {
  return /^\d/.test(part)
}

/** Digits of any length; leading zeros do not count. */
function byNumber(a: string, b: string): number {
  const [one, other] = [a.replace(/^0+(?=\d)/, ''), b.replace(/^0+(?=\d)/, '')]
  return one.length - other.length || byText(one, other)
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
