import { describeTemplateError, type Lookup, substitute } from '../interpolate/template.ts'

export interface DotenvError {
  /** UTF-16 offsets of what cannot be read. */
  readonly start: number
  readonly end: number
  readonly message: string
}

export interface Dotenv {
  readonly values: ReadonlyMap<string, string>
  /** Where each value was set last: offsets of the whole statement. */
  readonly places: ReadonlyMap<string, { readonly start: number; readonly end: number }>
  /** Variables without a value that were used. */
  readonly unset: readonly string[]
  /** What stopped the reading. */
  readonly error?: DotenvError
}

const isBlank = (char: string) => /[\t\v\f\r \u0085\u00a0]/.test(char)
const isSpace = (char: string) =>
  /[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/.test(char)
function trimEnd(text: string): string {
  let end = text.length
  while (end > 0 && isSpace(text[end - 1] as string)) end--
  return text.slice(0, end)
}

/**
 * Reads a `.env` or `env_file` text as Docker Compose does. `lookup` comes before what the file itself has set;
 * a key without a value takes the one of `lookup`. `known` are values of earlier files.
 */
export function parseDotenv(
  text: string,
  lookup: Lookup,
  known: ReadonlyMap<string, string> = new Map(),
): Dotenv {
  const values = new Map<string, string>()
  const places = new Map<string, { start: number; end: number }>()
  const unset: string[] = []
  let at = 0

  const fail = (start: number, message: string): Dotenv => {
    const lineEnd = text.indexOf('\n', start)
    const end = lineEnd === -1 ? text.length : lineEnd
    return { values, places, unset, error: { start, end: Math.max(end, start + 1), message } }
  }
  const expand = (value: string) => {
    const result = substitute(value, (name) => lookup(name) ?? values.get(name) ?? known.get(name))
    unset.push(...result.unset)
    return result
  }

  for (;;) {
    at = statementStart(text, at)
    if (at >= text.length) return { values, places, unset }
    const start = at
    const name = keyName(text, at)
    if ('error' in name) return fail(name.error, name.message)
    const key = trimEnd(name.key)
    if (key.includes(' ')) return fail(start, 'a key cannot contain a space')
    at = name.next
    while (at < text.length && isBlank(text[at] as string)) at++
    if (name.inherited) {
      const value = lookup(key)
      if (value !== undefined) {
        values.set(key, value)
        places.set(key, { start, end: start + key.length })
      }
      continue
    }
    const value = readValue(text, at)
    if (value === undefined) return fail(at, 'a quote is opened and never closed')
    const result = value.literal ? { text: value.text } : expand(value.text)
    if ('error' in result && result.error !== undefined)
      return fail(start, describeTemplateError(result.error))
    values.set(key, result.text)
    at = value.next
    places.set(key, { start, end: start + trimEnd(text.slice(start, at)).length })
  }
}

function statementStart(text: string, from: number): number {
  let at = from
  for (;;) {
    while (at < text.length && isSpace(text[at] as string)) at++
    if (text[at] !== '#') return at
    const lineEnd = text.indexOf('\n', at)
    if (lineEnd === -1) return text.length
    at = lineEnd
  }
}

type KeyName =
  | { readonly key: string; readonly next: number; readonly inherited: boolean }
  | { readonly error: number; readonly message: string }

/** The key up to the first `=`, `:` or line feed; without any of them the key is empty and the value the rest. */
function keyName(text: string, from: number): KeyName {
  const start = from + (/^export\s+/.exec(text.slice(from, from + 256))?.[0].trimEnd().length ?? 0)
  let keyStart = start
  while (keyStart > from && keyStart < text.length && isBlank(text[keyStart] as string)) keyStart++
  for (let at = keyStart; at < text.length; at++) {
    const char = String.fromCodePoint(text.codePointAt(at) as number)
    if (char === '=' || char === ':' || char === '\n')
      return { key: text.slice(keyStart, at), next: at + 1, inherited: char === '\n' }
    if (!isBlank(char) && !/[_.\-[\]\p{L}\p{N}]/u.test(char))
      return { error: at, message: `the character "${char}" is not allowed in a variable name` }
    at += char.length - 1
  }
  if (keyStart === text.length) return { error: from, message: 'no variable follows "export"' }
  return { key: '', next: keyStart, inherited: false }
}

function readValue(
  text: string,
  from: number,
): { text: string; next: number; literal: boolean } | undefined {
  const quote = text[from]
  if (quote !== '"' && quote !== "'") {
    const lineEnd = text.indexOf('\n', from)
    const line = text.slice(from, lineEnd === -1 ? text.length : lineEnd)
    const comment = line.indexOf(' #')
    return {
      text: trimEnd(comment === -1 ? line : line.slice(0, comment)),
      next: lineEnd === -1 ? text.length : lineEnd + 1,
      literal: false,
    }
  }
  let value = ''
  let escaped = false
  for (let at = from + 1; at < text.length; at++) {
    const char = text[at] as string
    if (char === quote && !escaped)
      return {
        text: quote === '"' ? expandEscapes(value) : value,
        next: at + 1,
        literal: quote === "'",
      }
    if (char === quote) value += char
    else if (!escaped && char === '\\') {
      escaped = true
      continue
    } else value += escaped ? `\\${char}` : char
    escaped = false
  }
  return undefined
}

const escapes: Record<string, string> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  '"': '"',
  $: '$$',
}

/** `\0` loses its zero where the digits after it are no character: Docker Compose does so. */
function expandEscapes(text: string): string {
  return text.replace(/\\(?:([abfnrtv$"\\])|0(\d{0,3}))/g, (match, letter, octal) => {
    if (letter !== undefined) return escapes[letter] ?? match
    const code = /^[0-7]{3}$/.test(octal) ? Number.parseInt(octal, 8) : 256
    return code < 256 ? String.fromCodePoint(code) : `\\${octal}`
  })
}

/** `format: raw`: every line is `KEY=value`, taken as it is. */
export function parseRawEnv(text: string, lookup: Lookup): Dotenv {
  const values = new Map<string, string>()
  const places = new Map<string, { start: number; end: number }>()
  let start = 0
  for (const line of text.split('\n')) {
    const place = { start, end: start + line.length }
    start = place.end + 1
    const trimmed = line.replace(/\r$/, '').trimStart()
    if (trimmed === '' || trimmed.startsWith('#')) continue
    const equals = trimmed.indexOf('=')
    const key = equals === -1 ? trimmed : trimmed.slice(0, equals)
    if (key === '' || /\s/.test(key)) {
      const error = { ...place, message: `"${key}" is not a valid variable name` }
      return { values, places, unset: [], error }
    }
    const value = equals === -1 ? lookup(key) : trimmed.slice(equals + 1)
    if (value === undefined) continue
    values.set(key, value)
    places.set(key, place)
  }
  return { values, places, unset: [] }
}
