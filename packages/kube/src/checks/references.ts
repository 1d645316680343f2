/** A name that each run of the checks gives a new value, so that what a check creates can be told from what earlier runs have created. */
export const RUN_REFERENCE = 'run'

/** `{{name}}`; with a backslash before it, the same text without the backslash. Compose interpolation uses `${name}`. */
const REFERENCE = /\\?\{\{([A-Za-z_][A-Za-z0-9_-]{0,62})\}\}/g

/** Whether a text can be the name of a captured value. */
export function isReferenceName(name: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_-]{0,62}$/.test(name)
}

/** The names that the texts of a value refer to, at any depth. */
export function referencesIn(value: unknown): string[] {
  if (typeof value === 'string')
    return [...value.matchAll(REFERENCE)]
      .filter(([whole]) => !whole.startsWith('\\'))
      .map(([, name]) => name as string)
  if (typeof value !== 'object' || value === null) return []
  return Object.values(value).flatMap(referencesIn)
}

/** A text with the values of its references; `lookup` knows each of them. */
export function fillReferences(text: string, lookup: (name: string) => unknown): string {
  return text.replace(REFERENCE, (whole, name: string) =>
    whole.startsWith('\\') ? whole.slice(1) : textOf(lookup(name)),
  )
}

/** The same for the texts of a JSON value. A text that is nothing but one reference becomes the captured value, with its type. */
export function fillJson(value: unknown, lookup: (name: string) => unknown): unknown {
  if (typeof value === 'string') {
    const [only, name] = /^\{\{([A-Za-z0-9_-]+)\}\}$/.exec(value) ?? []
    return only !== undefined && isReferenceName(name as string)
      ? lookup(name as string)
      : fillReferences(value, lookup)
  }
  if (Array.isArray(value)) return value.map((item) => fillJson(item, lookup))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, fillJson(item, lookup)]),
  )
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
