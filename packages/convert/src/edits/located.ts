/** Of the value in a file; `any` in formats whose values are all texts. */
export type ValueType = 'text' | 'number' | 'boolean' | 'null' | 'list' | 'mapping' | 'any'

/** Where a value stands in a text, and how another one is written there. */
export interface Located {
  start: number
  end: number
  type: ValueType
  print(value: unknown): string
}

/** Finds the value at a path; undefined where there is none. Throws a SyntaxError for a text that is not of the format. */
export type Locate = (text: string, path: readonly string[]) => Located | undefined

export function typeOf(value: unknown): ValueType {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'list'
  if (typeof value === 'object') return 'mapping'
  if (typeof value === 'string') return 'text'
  return typeof value === 'number' ? 'number' : 'boolean'
}
