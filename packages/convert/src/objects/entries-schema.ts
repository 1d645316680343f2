/** Keys of labels and annotations that others decide. */
const RESERVED = '(^|\\.)landfall\\.dev/|^app\\.kubernetes\\.io/|^helm\\.sh/|^meta\\.helm\\.sh/'

/** A mapping of labels or annotations, without the keys that objects have. */
export function entriesSchema(
  maps: readonly (Record<string, string> | undefined)[],
  isLabel: boolean,
): Record<string, unknown> {
  const own = [...new Set(maps.flatMap((map) => Object.keys(map ?? {})))].sort()
  const taken = own.filter((key) => !new RegExp(RESERVED).test(key))
  const name = '[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?'
  return {
    type: 'object',
    propertyNames: {
      pattern: `^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/)?${name}$`,
      not: { anyOf: [{ pattern: RESERVED }, ...(taken.length === 0 ? [] : [{ enum: taken }])] },
    },
    additionalProperties: {
      type: 'string',
      ...(isLabel ? { pattern: `^(${name})?$` } : {}),
    },
  }
}
