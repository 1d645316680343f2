import { isDeepStrictEqual } from 'node:util'
import { isMapping } from '../../mapping.ts'

/** How far a path leads in a document: the keys and numbers that exist, and the rest. */
export interface Settled {
  above: string[]
  node: unknown
  missing: readonly string[]
}

/**
 * Follows a path of keys. In a list a part is the number of an item, or `name=b` for the first item whose `name` is `b`, or
 * `=b` for the first item that is `b`.
 */
export function settle(tree: unknown, path: readonly string[]): Settled {
  const above: string[] = []
  let node = tree
  for (const [index, part] of path.entries()) {
    const key = keyOf(node, part)
    if (key === undefined) return { above, node, missing: path.slice(index) }
    above.push(key)
    node = (node as Record<string, unknown>)[key]
  }
  return { above, node, missing: [] }
}

function keyOf(node: unknown, part: string): string | undefined {
  if (Array.isArray(node)) {
    if (/^(0|[1-9]\d*)$/.test(part)) return Number(part) < node.length ? part : undefined
    const wanted = itemOf(part)
    if (wanted === undefined) return undefined
    const found = node.findIndex((item) =>
      wanted.key === ''
        ? !isContainer(item) && String(item) === wanted.value
        : isMapping(item) &&
          Object.hasOwn(item, wanted.key) &&
          String(item[wanted.key]) === wanted.value,
    )
    return found < 0 ? undefined : String(found)
  }
  return isMapping(node) && Object.hasOwn(node, part) ? part : undefined
}

export function isContainer(node: unknown): boolean {
  return typeof node === 'object' && node !== null && !(node instanceof Date)
}

function itemOf(part: string): { key: string; value: string } | undefined {
  const at = part.indexOf('=')
  return at < 0 ? undefined : { key: part.slice(0, at), value: part.slice(at + 1) }
}

/** A member of a mapping, or an item at the end of a list (no key), which is added. */
export interface Addition {
  key?: string
  value: unknown
}

/** What is added to a mapping or a list so that a missing path has a value; undefined where the path does not fit. */
export function additionTo(
  node: unknown,
  missing: readonly string[],
  value: unknown,
): Addition | undefined {
  const [first, ...rest] = missing
  if (first === undefined) return undefined
  if (!Array.isArray(node)) return isMapping(node) ? nested(first, rest, value) : undefined
  return itemAt(first, rest, value, node.length)
}

function nested(key: string, rest: readonly string[], value: unknown): Addition | undefined {
  const inner = rest.length === 0 ? { value } : containerOf(rest, value)
  return inner === undefined ? undefined : { key, value: inner.value }
}

/** A new mapping or list in which the path has the value. */
export function containerOf(
  path: readonly string[],
  value: unknown,
): { value: unknown } | undefined {
  const [first = '', ...rest] = path
  if (/^(-|\d+)$/.test(first) || itemOf(first) !== undefined) {
    const item = itemAt(first, rest, value, 0)
    return item === undefined ? undefined : { value: [item.value] }
  }
  const member = nested(first, rest, value)
  return member === undefined ? undefined : { value: { [first]: member.value } }
}

/** `-` and the number after the last one add an item; `name=b` adds a mapping with that name. */
function itemAt(
  part: string,
  rest: readonly string[],
  value: unknown,
  length: number,
): Addition | undefined {
  const wanted = itemOf(part)
  if (wanted === undefined)
    return part === '-' || part === String(length)
      ? rest.length === 0
        ? { value }
        : containerOf(rest, value)
      : undefined
  if (wanted.key === '') return undefined
  if (rest.length === 0)
    return isMapping(value) ? { value: { [wanted.key]: wanted.value, ...value } } : undefined
  const inner = containerOf(rest, value)
  return isMapping(inner?.value)
    ? { value: { [wanted.key]: wanted.value, ...inner.value } }
    : undefined
}

/** A document with another node at a path. */
function changed(
  tree: unknown,
  path: readonly string[],
  change: (node: unknown) => unknown,
): unknown {
  const [first, ...rest] = path
  if (first === undefined) return change(tree)
  if (Array.isArray(tree))
    return tree.map((item, index) => (String(index) === first ? changed(item, rest, change) : item))
  return Object.fromEntries(
    Object.entries(tree as object).map(([key, child]) => [
      key,
      key === first ? changed(child, rest, change) : child,
    ]),
  )
}

export function withAddition(
  tree: unknown,
  above: readonly string[],
  { key, value }: Addition,
): unknown {
  return changed(tree, above, (node) =>
    Array.isArray(node) ? [...node, value] : { ...(node as object), [key as string]: value },
  )
}

export function without(tree: unknown, path: readonly string[]): unknown {
  const last = path.at(-1)
  return changed(tree, path.slice(0, -1), (node) =>
    Array.isArray(node)
      ? node.filter((_item, index) => String(index) !== last)
      : Object.fromEntries(Object.entries(node as object).filter(([key]) => key !== last)),
  )
}

/** Whether a text reads as expected: only then a change of its characters counts. */
export function readsAs(read: () => unknown, expected: unknown): boolean {
  try {
    return isDeepStrictEqual(plain(read()), plain(expected))
  } catch {
    return false
  }
}

/** The same without prototypes, and dates as texts. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain)
  if (!isContainer(value)) return value instanceof Date ? value.getTime() : value
  return new Map(Object.entries(value as object).map(([key, one]) => [key, plain(one)]))
}
