/**
 * An object whose keys are names from outside: it inherits nothing, so that neither `constructor` nor `__proto__` is anything
 * but a name, in reading as in assigning.
 */
export function recordOf<T>(entries: Iterable<readonly [string, T]> = []): Record<string, T> {
  const record: Record<string, T> = Object.create(null)
  for (const [name, value] of entries) record[name] = value
  return record
}

/** The value of a name from outside, or undefined where the object itself does not have it. */
export function ownValue<T>(
  record: Readonly<Record<string, T>> | undefined,
  name: string,
): T | undefined {
  return record !== undefined && Object.hasOwn(record, name) ? record[name] : undefined
}

/** A copy of a JSON value in which every object is a {@link recordOf}. */
export function withRecords<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(withRecords) as T
  return recordOf(Object.entries(value).map(([name, child]) => [name, withRecords(child)])) as T
}
