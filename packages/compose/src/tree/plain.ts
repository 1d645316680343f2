import { type Origin, recordOf } from '@landfall/diagnostic'
import { type Node, nullNode } from './node.ts'
import { pointerTo } from './rules.ts'

/** The plain JSON of a tree, and the origins of each of its values by JSON Pointer. */
export function toPlain(root: Node): { value: unknown; origins: Map<string, readonly Origin[]> } {
  const origins = new Map<string, readonly Origin[]>()
  return { value: plain(root, '', origins), origins }
}

function plain(node: Node, pointer: string, origins: Map<string, readonly Origin[]>): unknown {
  if (node.origins.length > 0) origins.set(pointer, node.origins)
  if (node.kind === 'scalar')
    return typeof node.value === 'bigint' ? Number(node.value) : node.value
  if (node.kind === 'list')
    return node.items.map((item, index) => plain(item, pointerTo(pointer, index), origins))
  return recordOf(
    [...node.entries].map(([key, child]) => [key, plain(child, pointerTo(pointer, key), origins)]),
  )
}

/** A tree of a plain JSON value in which every value carries the same origins. */
export function fromPlain(value: unknown, origins: readonly Origin[]): Node {
  switch (typeof value) {
    case 'string':
      return { kind: 'scalar', type: 'string', value, origins }
    case 'boolean':
      return { kind: 'scalar', type: 'bool', value, origins }
    case 'number':
      return { kind: 'scalar', type: Number.isInteger(value) ? 'int' : 'float', value, origins }
    case 'object':
      if (value === null) return nullNode(origins)
      if (Array.isArray(value))
        return { kind: 'list', items: value.map((item) => fromPlain(item, origins)), origins }
      return {
        kind: 'map',
        entries: new Map(Object.entries(value).map(([key, v]) => [key, fromPlain(v, origins)])),
        origins,
      }
    default:
      throw new Error(`no JSON value: ${typeof value}`)
  }
}
