import { runInNewContext } from 'node:vm'

/** Milliseconds of one search. Usual expressions need a few for a mebibyte; one that backtracks without end must not hold up the renewal of the Lease. */
const MOST_MS = 1_500

/** A regular expression takes too long on a text. */
export class PatternTooSlow extends Error {
  constructor(pattern: string) {
    super(`the regular expression ${pattern} takes too long on it`)
    this.name = 'PatternTooSlow'
  }
}

/** The first match of a regular expression in a text, with its groups. Throws a PatternTooSlow, as the text comes from a program. */
export function search(pattern: string, text: string): readonly (string | undefined)[] | undefined {
  const expression = new RegExp(pattern, 'm')
  try {
    const found: RegExpExecArray | null = runInNewContext(
      'expression.exec(text)',
      { expression, text },
      { timeout: MOST_MS },
    )
    return found === null ? undefined : [...found]
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT')
      throw new PatternTooSlow(pattern)
    throw error
  }
}
