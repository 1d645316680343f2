import { createHmac, hash } from 'node:crypto'

/** Characters that Go writes as escapes, because a browser might read the JSON as a part of HTML or JavaScript. */
const ESCAPED = /[<>&\u2028\u2029]/g

/**
 * The text that Go's `json.Marshal`, and so `toJson` of a Helm template, makes of a value that was read from JSON: keys in the
 * order of their UTF-8, `<`, `>`, `&`, U+2028 and U+2029 as escapes, halves of surrogate pairs replaced by U+FFFD. Equal values
 * have equal texts. Keys whose value is undefined are left out, as JSON.stringify does.
 * https://pkg.go.dev/encoding/json#Marshal
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item ?? null)).join()}]`
  if (typeof value !== 'object' || value === null) return scalarJson(value)
  const members = new Map(
    Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .map(([key, item]) => [key.toWellFormed(), item]),
  )
  const sorted = [...members].sort(([a], [b]) => byCodePoint(a, b))
  return `{${sorted.map(([key, item]) => `${scalarJson(key)}:${canonicalJson(item)}`).join()}}`
}

/** JavaScript and Go write the same numbers: the shortest digits that read back, with an exponent from 1e21 and below 1e-6. */
function scalarJson(value: unknown): string {
  return typeof value === 'string'
    ? JSON.stringify(value.toWellFormed()).replace(
        ESCAPED,
        (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
      )
    : JSON.stringify(value)
}

/** The order of the bytes of two texts in UTF-8, which is that of their code points and not that of UTF-16. */
function byCodePoint(a: string, b: string): number {
  for (let at = 0; at < a.length && at < b.length; at++) {
    if (a[at] === b[at]) continue
    return (a.codePointAt(at) as number) - (b.codePointAt(at) as number)
  }
  return a.length - b.length
}

/** The first 10 hex digits of the SHA-256 of a text in UTF-8, or of bytes: short enough for a name, and computable in a Helm template. */
export function shortHash(content: string | Uint8Array): string {
  return hash('sha256', content).slice(0, 10)
}

/**
 * The first 32 hex digits of the HMAC-SHA-256 of a text in UTF-8 (RFC 2104). Without the key, a guess of the text cannot be tested:
 * for content that is secret and may be short.
 */
export function keyedHash(key: Uint8Array, content: string): string {
  return createHmac('sha256', key).update(content).digest('hex').slice(0, 32)
}
