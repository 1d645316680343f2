import { MASK, maskSecrets, type Part, textFinder } from '@landfall/diagnostic'
import type { Writer } from './writer.ts'

/** Takes secrets out of what Landfall prints: those that their form shows, and those that the project is known to have. */
export interface SecretMask {
  /** From now on these are masked as well. */
  learn(secrets: readonly string[]): void
  /** A text with `***` for its secrets. */
  text(text: string): string
  /** JSON with `***` for the secrets in its texts. Names of members are kept. */
  json(value: unknown): unknown
}

export function secretMask(): SecretMask {
  const known = new Set<string>()
  let finder = textFinder(known)
  const text = (given: string): string => {
    const masked = maskSecrets(given)
    const isApart = (part: Part) => !isInWord(masked, part)
    let out = ''
    let from = 0
    for (
      let part = finder.next(masked, 0, isApart);
      part;
      part = finder.next(masked, from, isApart)
    ) {
      out += masked.slice(from, part.start) + MASK
      from = part.end
    }
    return out + masked.slice(from)
  }
  const json = (value: unknown): unknown => {
    if (typeof value === 'string') return text(value)
    if (Array.isArray(value)) return value.map(json)
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, json(one)]))
  }
  return {
    learn(secrets) {
      for (const secret of secrets) known.add(secret)
      finder = textFinder(known)
    },
    text,
    json,
  }
}

const WORD = /[A-Za-z0-9]/

/** Whether a part is one of a longer word. */
function isInWord(text: string, { start, end }: Part): boolean {
  const both = (index: number) => WORD.test(text[index - 1] ?? '') && WORD.test(text[index] ?? '')
  return both(start) || both(end)
}

/** A writer of texts without secrets. */
export function maskedWriter(writer: Writer, mask: SecretMask): Writer {
  return {
    write: (text) => writer.write(mask.text(text)),
    taken: async () => writer.taken?.(),
    get columns() {
      return writer.columns
    },
    get rows() {
      return writer.rows
    },
  }
}
