import { ownValue } from './record.ts'
/** JSON Pointer (RFC 6901) of a path: `['services', 'a/b']` is `/services/a~1b`. */
export function toPointer(path: readonly (string | number)[]): string {
  let pointer = ''
  for (const key of path) pointer += `/${typeof key === 'number' ? key : escaped(key)}`
  return pointer
}

function escaped(key: string): string {
  return key.includes('~') || key.includes('/')
    ? key.replaceAll('~', '~0').replaceAll('/', '~1')
    : key
}

/** The keys of a JSON Pointer, unescaped; array indexes stay strings. */
export function fromPointer(pointer: string): string[] {
  if (pointer === '') return []
  const keys = pointer.slice(1).split('/')
  return pointer.includes('~')
    ? keys.map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'))
    : keys
}

/** A pointer as people write a path: `services.web.ports[0]`, with quotes where a key holds a dot. */
export function displayPath(pointer: string): string {
  let text = ''
  for (const key of fromPointer(pointer)) {
    if (/^\d+$/.test(key)) text += `[${key}]`
    else if (/[.[\]\s]/.test(key) || key === '') text += `[${JSON.stringify(key)}]`
    else text += text === '' ? key : `.${key}`
  }
  return text
}

/** The value at a pointer, or undefined where the path leaves the document. */
export function valueAt(document: unknown, pointer: string): unknown {
  return valueBelow(document, fromPointer(pointer))
}

function valueBelow(document: unknown, path: readonly string[]): unknown {
  let value = document
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return undefined
    value = ownValue(value as Record<string, unknown>, key)
  }
  return value
}

/**
 * Sets the value at a pointer whose parent exists, in place.
 * Throws an Error where the parent does not exist: that is a bug of the caller.
 */
export function setValueAt(document: unknown, pointer: string, value: unknown): void {
  const path = fromPointer(pointer)
  const last = path.pop()
  const parent = valueBelow(document, path)
  if (last === undefined || typeof parent !== 'object' || parent === null)
    throw new Error(`no parent to set ${pointer} on`)
  Object.defineProperty(parent, last, {
    configurable: true,
    enumerable: true,
    writable: true,
    value,
  })
}
