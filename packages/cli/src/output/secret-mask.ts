import { MASK, maskSecrets } from '@landfall/diagnostic'
import type { Writer } from './writer.ts'

/** Takes secrets out of what Landfall prints: those that their form shows, and those that the project is known to have. */
export interface SecretMask {
  /** From now on these are masked as well. Longer ones come first. */
  learn(secrets: readonly string[]): void
  /** A text with `***` for its secrets. */
  text(text: string): string
  /** JSON with `***` for the secrets in its texts. Names of members are kept. */
  json(value: unknown): unknown
}

export function secretMask(): SecretMask {
  let known: readonly string[] = []
  const text = (given: string): string => {
    const masked = maskSecrets(given)
    return known.reduce((shown, secret) => replaced(shown, secret), masked)
  }
  const json = (value: unknown): unknown => {
    if (typeof value === 'string') return text(value)
    if (Array.isArray(value)) return value.map(json)
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, json(one)]))
  }
  return {
    learn(secrets) {
      known = [...new Set([...known, ...secrets])].sort((a, b) => b.length - a.length)
    },
    text,
    json,
  }
}

const WORD = /[A-Za-z0-9]/

/** Replaces a secret where it is not a part of a longer word. */
function replaced(text: string, secret: string): string {
  let out = ''
  let from = 0
  for (let at = text.indexOf(secret); at !== -1; at = text.indexOf(secret, from)) {
    const end = at + secret.length
    const inside =
      (WORD.test(secret[0] ?? '') && WORD.test(text[at - 1] ?? '')) ||
      (WORD.test(secret.at(-1) ?? '') && WORD.test(text[end] ?? ''))
    out += text.slice(from, at) + (inside ? secret : MASK)
    from = end
  }
  return out + text.slice(from)
}

/** A writer of texts without secrets. */
export function maskedWriter(writer: Writer, mask: SecretMask): Writer {
  return {
    write: (text) => writer.write(mask.text(text)),
    get columns() {
      return writer.columns
    },
    get rows() {
      return writer.rows
    },
  }
}
