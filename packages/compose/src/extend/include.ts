import type { ReadContext } from '../read-model.ts'
import type { MapNode } from '../tree/node.ts'

/** Placeholder signature, filled below. */
export function applyIncludes(_root: MapNode, _path: string, _context: ReadContext): void {}
