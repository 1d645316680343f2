/** Orders keys as Go orders the keys of a map in JSON: by code point. */
export function byCodePoint(a: string, b: string): number {
  let at = 0
  while (at < a.length && a.charCodeAt(at) === b.charCodeAt(at)) at++
  const [left, right] = [a.codePointAt(at) ?? -1, b.codePointAt(at) ?? -1]
  return left - right
}

const isLetter = (char: string) => /^\p{L}$/u.test(char)
const isDigit = (char: string | undefined) => char !== undefined && /^\p{Nd}$/u.test(char)

/** Orders keys as go-yaml does: numbers inside by their value, letters after everything else. */
export function byNature(first: string, second: string): number {
  const a = [...first]
  const b = [...second]
  let afterDigit = false
  for (let at = 0; at < a.length && at < b.length; at++) {
    const left = a[at] as string
    const right = b[at] as string
    if (left === right) {
      afterDigit = isDigit(left)
      continue
    }
    const [isLeft, isRight] = [isLetter(left), isLetter(right)]
    if (isLeft && isRight) return byCodePoint(left, right)
    if (isLeft || isRight) return isLeft === afterDigit ? -1 : 1
    const before = left === '0' || right === '0' ? digitsBefore(a, at) : ''
    const lead = /[^0]/.test(before) ? '1' : ''
    const [leftDigits, rightDigits] = [digitsFrom(a, at), digitsFrom(b, at)]
    const [leftNumber, rightNumber] = [numberOf(lead, leftDigits), numberOf(lead, rightDigits)]
    if (leftNumber !== rightNumber) return leftNumber < rightNumber ? -1 : 1
    return leftDigits.length - rightDigits.length || byCodePoint(left, right)
  }
  return a.length - b.length
}

function digitsFrom(text: readonly string[], start: number): string[] {
  let end = start
  while (isDigit(text[end])) end++
  return text.slice(start, end)
}

function digitsBefore(text: readonly string[], end: number): string {
  let start = end
  while (start > 0 && isDigit(text[start - 1])) start--
  return text.slice(start, end).join('')
}

/** As 64 bits that overflow; a digit of another script counts by its distance from "0". */
function numberOf(lead: string, digits: readonly string[]): bigint {
  let value = lead === '' ? 0n : 1n
  for (const digit of digits) value = value * 10n + BigInt((digit.codePointAt(0) as number) - 48)
  return BigInt.asIntN(64, value)
}
