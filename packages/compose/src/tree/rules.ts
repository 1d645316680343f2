/** A table of path patterns, as a tree that is walked along with the document. */
export interface Rules<T> {
  rule?: T
  readonly below: Map<string, Rules<T>>
}

/**
 * Compiles `{ 'services.*.ports': … }`. In a pattern `*` is any key of a mapping and any item of a list, `[]` any item of
 * a list alone.
 */
export function compileRules<T>(table: Readonly<Record<string, T>>): Rules<T> {
  const root: Rules<T> = { below: new Map() }
  for (const [pattern, rule] of Object.entries(table)) {
    let at = root
    for (const part of pattern.split('.')) {
      let next = at.below.get(part)
      if (next === undefined) {
        next = { below: new Map() }
        at.below.set(part, next)
      }
      at = next
    }
    at.rule = rule
  }
  return root
}

/** The rules under a key of a mapping; an exact key wins over `*`. */
export function rulesAt<T>(rules: Rules<T> | undefined, key: string): Rules<T> | undefined {
  return rules?.below.get(key) ?? rules?.below.get('*')
}

/** The rules for the items of a list. */
export function rulesForItems<T>(rules: Rules<T> | undefined): Rules<T> | undefined {
  return rules?.below.get('[]') ?? rules?.below.get('*')
}

/** A JSON Pointer one key further. */
export function pointerTo(pointer: string, key: string | number): string {
  if (typeof key === 'number') return `${pointer}/${key}`
  return `${pointer}/${/[~/]/.test(key) ? key.replaceAll('~', '~0').replaceAll('/', '~1') : key}`
}
