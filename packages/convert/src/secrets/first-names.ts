const MOST_NAMED = 3

/** The first names of a list in one line: `a, b, c and 2 more`. */
export function firstNames(names: readonly string[]): string {
  const more = names.length - MOST_NAMED
  return `${names.slice(0, MOST_NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}
