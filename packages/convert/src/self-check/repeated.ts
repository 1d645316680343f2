/** The values that are there more than once; what is absent does not count. */
export function repeated<T>(values: readonly (T | undefined)[]): T[] {
  const seen = new Set<T>()
  const twice = new Set<T>()
  for (const value of values) if (value !== undefined) (seen.has(value) ? twice : seen).add(value)
  return [...twice]
}
