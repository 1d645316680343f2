import { uniqueLists } from '../merge/unique.ts'
import {
  intNode,
  isNull,
  listNode,
  type MapNode,
  mapAt,
  mapNode,
  type Node,
  nullNode,
  textNode,
} from '../tree/node.ts'
import { type Rules, rulesAt } from '../tree/rules.ts'
import { EMPTY, type GoType, projectType, type Special, type Struct } from './go-types.ts'
import { byCodePoint, byNature } from './key-order.ts'

export type Format = 'json' | 'yaml'

/** A project with its keys in the order in which Docker Compose prints them, and what it prints although it is empty. */
export function arrangeProject(project: MapNode, format: Format): MapNode {
  const arranged = arrangeStruct(project, projectType, format)
  if (format === 'yaml') return arranged
  for (const [key, value] of project.entries)
    if (key.startsWith('x-')) arranged.entries.set(key, arrangePlain(value, format))
  arranged.entries.delete('models')
  return mapNode([], sortedEntries(arranged, format))
}

/**
 * A model before it is bound to types, with all keys sorted. In JSON an empty list is null, except where its items were made
 * unique.
 */
export function arrangeModel(model: MapNode, format: Format, normalized: boolean): Node {
  if (format === 'yaml') return arrangePlain(model, format)
  if (normalized)
    for (const service of mapAt(model, 'services')?.entries.values() ?? []) {
      emptyToNull(service, 'environment')
      emptyToNull(mapAt(service, 'build'), 'args')
    }
  return arrangePlain(model, format, uniqueLists)
}

/** Where values from the environment were looked up, nothing is left of an empty list. */
function emptyToNull(node: Node | undefined, key: string): void {
  const list = node?.kind === 'map' ? node.entries.get(key) : undefined
  if (node?.kind === 'map' && list?.kind === 'list' && list.items.length === 0)
    node.entries.set(key, nullNode([]))
}

/** A value of a type in printing order. */
export function arrange(node: Node, type: GoType | undefined, format: Format): Node {
  if (type === undefined || isNull(node)) return arrangePlain(node, format)
  if (typeof type === 'string') return specials[type](node, format)
  if ('listOf' in type)
    return node.kind === 'list'
      ? listNode(
          [],
          node.items.map((item) => arrange(item, type.listOf, format)),
        )
      : node
  if (node.kind !== 'map') return node
  if ('mapOf' in type)
    return mapNode(
      [],
      sortedEntries(node, format).map(([key, value]) => {
        const present = isNull(value) && !type.pointers ? mapNode([]) : value
        return [key, arrange(present, type.mapOf, format)]
      }),
    )
  return arrangeStruct(node, type, format)
}

/** A tree without types: mappings are sorted, and an empty list is null in JSON, except at some places. */
function arrangePlain(node: Node, format: Format, lists?: Rules<unknown>): Node {
  if (node.kind === 'scalar') return node
  if (node.kind === 'list' && node.items.length === 0 && format === 'json')
    return lists?.rule === undefined ? nullNode([]) : node
  if (node.kind === 'list')
    return listNode(
      [],
      node.items.map((item) => arrangePlain(item, format)),
    )
  return mapNode(
    [],
    sortedEntries(node, format).map(([key, value]) => [
      key,
      arrangePlain(value, format, rulesAt(lists, key)),
    ]),
  )
}

function sortedEntries(node: MapNode, format: Format): [string, Node][] {
  return sorted([...node.entries], format)
}

function sorted(entries: [string, Node][], format: Format): [string, Node][] {
  const compare = format === 'json' ? byCodePoint : byNature
  return entries.sort(([a], [b]) => compare(a, b))
}

function arrangeStruct(node: MapNode, type: Struct, format: Format): MapNode {
  const out = mapNode([])
  for (const key of type.order) {
    const value =
      node.entries.get(key) ?? (type.implied.has(key) ? missing(key, type, format) : undefined)
    if (value === undefined) continue
    const arranged = arrange(value, type.types[key], format)
    if (format === 'yaml' && type.always[key] === EMPTY && isEmptyMap(arranged)) continue
    out.entries.set(format === 'json' ? (type.jsonNames[key] ?? key) : key, arranged)
  }
  if (format === 'yaml' && !type.closed)
    for (const [key, value] of sorted(
      [...node.entries].filter(([key]) => key.startsWith('x-') && !type.order.includes(key)),
      format,
    ))
      out.entries.set(key, arrangePlain(value, format))
  return out
}

function missing(key: string, type: Struct, format: Format): Node | undefined {
  const zero = type.zeros[key]
  if (zero !== undefined) return typeof zero === 'string' ? textNode(zero, []) : intNode(zero, [])
  if (format === 'yaml' || !(key in type.always)) return undefined
  return type.always[key] === EMPTY ? mapNode([]) : nullNode([])
}

const isEmptyMap = (node: Node) => node.kind === 'map' && node.entries.size === 0

const specials: Readonly<Record<Special, (node: Node, format: Format) => Node>> = {
  text: (node) => node,

  /** The path alone where the file has to be there. */
  'env-file': (node, format) => {
    if (node.kind !== 'map') return node
    const path = node.entries.get('path') ?? textNode('', [])
    const required = node.entries.get('required')
    if (required === undefined || (required.kind === 'scalar' && required.value === true))
      return path
    const entries: [string, Node][] = [
      ['path', path],
      ['required', required],
    ]
    const kind = node.entries.get('format')
    if (format === 'json' && kind !== undefined) entries.push(['format', kind])
    return mapNode([], entries)
  },

  /** One number for both, or soft and hard; zero does not count as one number. */
  limit: (node, format) => {
    if (node.kind === 'scalar' && node.value !== 0) return node
    const value = (key: string) =>
      (node.kind === 'map' ? node.entries.get(key) : undefined) ?? intNode(0, [])
    const entries = ['soft', 'hard'].map((key): [string, Node] => [key, value(key)])
    return mapNode([], format === 'yaml' ? entries : entries.filter(([, one]) => !isZero(one)))
  },
}

const isZero = (node: Node) => node.kind === 'scalar' && node.value === 0
