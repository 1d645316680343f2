/** Text that came from another program and is not what the protocol says. */
export class ProtocolError extends Error {
  override name = 'ProtocolError'
}

export type Fields = Readonly<Record<string, unknown>>

/** Throws a ProtocolError if the value is not a JSON object. */
export function fieldsOf(value: unknown, what: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new ProtocolError(`${what} is not an object`)
  return value as Fields
}

/** The text of a field; empty where it is left out or null. Throws a ProtocolError for another type. */
export function textIn(fields: Fields, key: string, what: string): string {
  const value = fields[key] ?? ''
  if (typeof value !== 'string') throw new ProtocolError(`${what}.${key} is not a text`)
  return value
}

/** The text of a field that has to be there. */
export function requiredText(fields: Fields, key: string, what: string): string {
  const text = textIn(fields, key, what)
  if (text === '') throw new ProtocolError(`${what}.${key} is missing`)
  return text
}

/** The number of a field, if it is there. Throws a ProtocolError for another type. */
export function numberIn(fields: Fields, key: string, what: string): number | undefined {
  const value = fields[key] ?? undefined
  if (value !== undefined && (typeof value !== 'number' || !Number.isFinite(value)))
    throw new ProtocolError(`${what}.${key} is not a number`)
  return value
}

/** The items of a field; Go writes an empty list as null. */
export function listIn(fields: Fields, key: string, what: string): readonly unknown[] {
  const value = fields[key] ?? []
  if (!Array.isArray(value)) throw new ProtocolError(`${what}.${key} is not a list`)
  return value
}
