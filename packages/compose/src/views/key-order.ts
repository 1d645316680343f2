/** Orders keys as Go orders the keys of a map in JSON: by code point. */
export function byCodePoint(a: string, b: string): number {
  let at = 0
  while (at < a.length && a.charCodeAt(at) === b.charCodeAt(at)) at++
  const [left, right] = [a.codePointAt(at) ?? -1, b.codePointAt(at) ?? -1]
  return left - right
}

/** The characters of a text: itself where each is one UTF-16 unit. */
type Characters = string | readonly string[]

function charactersOf(text: string): Characters {
  return /[\ud800-\udfff]/.test(text) ? [...text] : text
}

function isLetter(char: string): boolean {
  return char < '\x80' ? /^[A-Za-z]$/.test(char) : /^\p{L}$/u.test(char)
}

function isDigit(char: string | undefined): boolean {
  if (char === undefined) return false
  return char < '\x80' ? char >= '0' && char <= '9' : /^\p{Nd}$/u.test(char)
}

/** Orders keys as go-yaml does: numbers inside by their value, letters after everything else. */
export function byNature(first: string, second: string): number {
  const a = charactersOf(first)
  const b = charactersOf(second)
  const shorter = Math.min(a.length, b.length)
  let at = 0
  while (at < shorter && a[at] === b[at]) at++
  if (at === shorter) return a.length - b.length
  const left = a[at] as string
  const right = b[at] as string
  const [isLeft, isRight] = [isLetter(left), isLetter(right)]
  if (isLeft && isRight) return byCodePoint(left, right)
  if (isLeft || isRight) return isLeft === isDigit(a[at - 1]) ? -1 : 1
  const isLed = (left === '0' || right === '0') && /[^0]/.test(digitsBefore(a, at))
  const [leftDigits, rightDigits] = [digitsFrom(a, at), digitsFrom(b, at)]
  const [leftNumber, rightNumber] = [numberOf(isLed, leftDigits), numberOf(isLed, rightDigits)]
  if (leftNumber !== rightNumber) return leftNumber < rightNumber ? -1 : 1
  return leftDigits.length - rightDigits.length || byCodePoint(left, right)
}

function digitsFrom(text: Characters, start: number): Characters {
  let end = start
  while (isDigit(text[end])) end++
  return text.slice(start, end)
}

function digitsBefore(text: Characters, end: number): string {
  let start = end
  while (isDigit(text[start - 1])) start--
  return [...text.slice(start, end)].join('')
}

/** As 64 bits that overflow; a digit of another script counts by its distance from "0". */
function numberOf(isLed: boolean, digits: Characters): bigint {
  let value = isLed ? 1n : 0n
  for (const digit of digits) value = value * 10n + BigInt((digit.codePointAt(0) as number) - 48)
  return BigInt.asIntN(64, value)
}
