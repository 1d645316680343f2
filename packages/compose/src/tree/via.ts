import type { Origin } from '@landfall/diagnostic'
import type { Node } from './node.ts'

/** Notes on a whole tree by what way its values came; a way that was noted before stays. */
export function markVia<T extends Node>(node: T, via: 'extends' | 'include'): T {
  node.origins = node.origins.map((origin): Origin => {
    return origin.kind === 'file' && origin.via === undefined ? { ...origin, via } : origin
  })
  if (node.kind === 'map') for (const child of node.entries.values()) markVia(child, via)
  if (node.kind === 'list') for (const item of node.items) markVia(item, via)
  return node
}
