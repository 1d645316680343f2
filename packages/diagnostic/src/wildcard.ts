/** A part of a pattern: any characters, or one that passes a test. */
export type WildcardPart = '*' | ((character: string) => boolean)

/**
 * Whether a pattern matches a whole text. The time grows with the product of both lengths at most: a regular expression with several
 * `.*` can need years, and the patterns of a project are anything.
 */
export function matchesWildcard(parts: readonly WildcardPart[], text: string): boolean {
  const characters = [...text]
  let [at, part] = [0, 0]
  let last: { part: number; at: number } | undefined
  while (at < characters.length) {
    const current = parts[part]
    if (current === '*') {
      last = { part, at }
      part += 1
    } else if (current?.(characters[at] as string) === true) {
      at += 1
      part += 1
    } else if (last !== undefined) {
      // The last star takes one character more.
      last.at += 1
      at = last.at
      part = last.part + 1
    } else return false
  }
  return parts.slice(part).every((rest) => rest === '*')
}

/** The parts of a pattern in which `*` stands for any characters, and everything else for itself. */
export function starPattern(pattern: string): WildcardPart[] {
  return [...pattern].map((one) => (one === '*' ? '*' : (character) => character === one))
}
