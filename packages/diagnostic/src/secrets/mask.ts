import { secretsInText } from './assignments.ts'
import { type FoundSecret, secretsIn } from './find.ts'

/** Stands for a secret, however long that is. */
export const MASK = '***'

/** A text with `***` for the secrets that their form shows. */
export function maskSecrets(text: string): string {
  return masked(text, secretsIn(text))
}

/** A text of a project or a program with `***` for the secrets that their form or their name shows. */
export function maskText(text: string): string {
  return masked(text, secretsInText(text, { strict: true }))
}

/** A text with `***` for these parts, which are sorted and do not overlap. */
export function masked(text: string, secrets: readonly FoundSecret[]): string {
  let out = ''
  let from = 0
  for (const { start, end } of secrets) {
    out += text.slice(from, start) + MASK
    from = end
  }
  return out + text.slice(from)
}
