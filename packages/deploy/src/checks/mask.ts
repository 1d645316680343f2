import { MASK, maskText, textFinder, visibleLine } from '@landfall/diagnostic'

/** Characters of a response or an output that are quoted. */
const QUOTED = 300

/** What is read for a quotation. */
const READ = 4_000

/** Takes the secrets of a check out of what is printed about it. */
export interface CheckMask {
  /** From now on this value is masked as well. */
  learn(secret: string): void
  text(text: string): string
  /** The beginning of what a program sent, as one line. */
  quote(text: string): string
}

export function checkMask(secrets: readonly string[]): CheckMask {
  const known = new Set(secrets)
  let finder = textFinder(known)
  const text = (given: string): string => {
    const masked = maskText(given)
    let out = ''
    let from = 0
    for (let part = finder.next(masked, 0); part; part = finder.next(masked, from)) {
      out += masked.slice(from, part.start) + MASK
      from = part.end
    }
    return out + masked.slice(from)
  }
  return {
    learn(secret) {
      if (secret.length < 4) return
      known.add(secret)
      finder = textFinder(known)
    },
    text,
    quote(given) {
      // masked before it is cut: a part of a secret would not be found
      const line = visibleLine(text(given.slice(0, READ)).replace(/\s+/g, ' ').trim())
      return line.length > QUOTED ? `${line.slice(0, QUOTED)}…` : line
    },
  }
}
