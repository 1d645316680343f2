const PARTS = /\d+|\D+/g
const HAS_DIGIT = /\d/

/**
 * Compares two texts as people order them: digits as numbers, everything else by UTF-16 code units, so that the order is
 * the same whatever ICU data a Node.js has. `a9` is before `a10`. Equal only for equal texts.
 */
export function naturalOrder(a: string, b: string): number {
  if (a === b) return 0
  if (!HAS_DIGIT.test(a) && !HAS_DIGIT.test(b)) return byText(a, b)
  const [left, right] = [a.match(PARTS) ?? [], b.match(PARTS) ?? []]
  for (let index = 0; index < left.length && index < right.length; index++) {
    const [one = '', other = ''] = [left[index], right[index]]
    const order = isNumber(one) && isNumber(other) ? byNumber(one, other) : byText(one, other)
    if (order !== 0) return order
  }
  return left.length - right.length || byText(a, b)
}

/** The order of JSON Pointers key by key, each as {@link naturalOrder} has it: what is below a key stands together. */
export function pointerOrder(a: string, b: string): number {
  const [left, right] = [a.split('/'), b.split('/')]
  for (let index = 0; index < left.length && index < right.length; index++) {
    const order = naturalOrder(left[index] ?? '', right[index] ?? '')
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
