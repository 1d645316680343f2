import type { MapNode, Node } from '../tree/node.ts'

/** Takes out of a tree what `!reset` and `!override` of a later file stand on. */
export function applyResets(root: MapNode, resets: readonly (readonly string[])[]): void {
  for (const path of resets) {
    let at: Node | undefined = root
    for (const key of path.slice(0, -1)) at = at?.kind === 'map' ? at.entries.get(key) : undefined
    if (at?.kind === 'map') at.entries.delete(path.at(-1) ?? '')
  }
}
