/**
 * Whether a live value holds everything that was applied: the cluster adds default values, and nothing else may differ.
 * An empty value that the cluster leaves out counts as there.
 */
export function contains(live: unknown, desired: unknown): boolean {
  if (Array.isArray(desired)) {
    if (live === undefined || live === null) return desired.length === 0
    return (
      Array.isArray(live) &&
      live.length === desired.length &&
      desired.every((item, index) => contains(live[index], item))
    )
  }
  if (typeof desired === 'object' && desired !== null) {
    if (typeof live === 'object' && live !== null)
      return Object.entries(desired).every(([key, value]) =>
        contains((live as Record<string, unknown>)[key], value),
      )
    return (live === undefined || live === null) && Object.values(desired).every(isEmpty)
  }
  return live === desired || ((live === undefined || live === null) && isEmpty(desired))
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === '' || value === 0 || value === false
}
