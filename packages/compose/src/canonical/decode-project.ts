import { displayPath, type Report } from '@landfall/diagnostic'
import { reportProblem } from '../codes.ts'
import { projectShape } from '../schema/project.ts'
import type { MapShape, Shape } from '../schema/shape.ts'
import { entrySpan, isNull, type MapNode, type Node, spanOfNode } from '../tree/node.ts'
import { pointerTo } from '../tree/rules.ts'

/**
 * Reads every value as the type that its attribute has (sizes, durations, words of commands …) and leaves out what
 * means nothing, as Docker Compose does when it prints a project. Values that cannot be read are reported and taken out.
 */
export function decodeProject(root: MapNode, report: Report): void {
  decodeEntries(root, projectShape.map as MapShape, '', report)
}

/** undefined: the value is left out. `keep`: it is an item or has a name given by people, and stays even if empty. */
function decode(
  node: Node,
  shape: Shape,
  keep: boolean,
  pointer: string,
  report: Report,
): Node | undefined {
  if (node.kind === 'map' && shape.map !== undefined)
    decodeEntries(node, shape.map, pointer, report)
  if (node.kind === 'list' && shape.list !== undefined) {
    const { items } = shape.list
    node.items = node.items.flatMap(
      (item, index) => decode(item, items, true, pointerTo(pointer, index), report) ?? [],
    )
  }
  const value = shape.decode?.(node) ?? node
  if ('error' in value) {
    reportProblem(report, {
      code: value.code ?? 'compose/invalid-value',
      message: `${displayPath(pointer)}: ${value.error}`,
      path: pointer,
      at: spanOfNode(node) ?? entrySpan(node),
    })
    return undefined
  }
  return keep || !meansNothing(value, shape) ? value : undefined
}

function decodeEntries(node: MapNode, shape: MapShape, pointer: string, report: Report): void {
  for (const [key, child] of node.entries) {
    const known = shape.fields !== undefined && Object.hasOwn(shape.fields, key)
    // What is let through without being known means nothing.
    if (!known && shape.fields !== undefined && shape.open) node.entries.delete(key)
    const inside = known ? shape.fields?.[key] : shape.names?.shape
    if (inside === undefined || (!known && !shape.names?.pattern.test(key))) continue
    const value = inside.discarded
      ? undefined
      : decode(child, inside, !known, pointerTo(pointer, key), report)
    if (value === undefined) node.entries.delete(key)
    else node.entries.set(key, value)
  }
}

function meansNothing(node: Node, shape: Shape): boolean {
  if (isNull(node)) return true
  if (shape.keepsZero) return false
  if (node.kind === 'map') return node.entries.size === 0
  if (node.kind === 'list') return node.items.length === 0
  return node.value === '' || node.value === 0 || node.value === false
}
