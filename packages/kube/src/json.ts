import { canonicalJson } from './hash.ts'

/** A copy of plain JSON, several times faster than structuredClone. */
export function cloneJson<T>(value: T): T
export function cloneJson(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => cloneJson(item))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, cloneJson(item)]))
}

/** Whether two values have one canonical JSON, without writing it where they are alike. */
export function isSameJson(one: unknown, other: unknown): boolean {
  if (one === other) return true
  if (Array.isArray(one) && Array.isArray(other))
    return one.length === other.length && one.every((item, at) => isSameJson(item, other[at]))
  if (!isMapping(one) || !isMapping(other)) return isSameText(one, other)
  const keys = keysOf(one)
  const hasAll = keys.every((key) => Object.hasOwn(other, key) && other[key] !== undefined)
  return hasAll && keys.length === keysOf(other).length
    ? keys.every((key) => isSameJson(one[key], other[key]))
    : isSameText(one, other)
}

/** What is undefined is not in JSON. */
function keysOf(value: Readonly<Record<string, unknown>>): string[] {
  return Object.keys(value).filter((key) => value[key] !== undefined)
}

function isSameText(one: unknown, other: unknown): boolean {
  return canonicalJson(one ?? null) === canonicalJson(other ?? null)
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
