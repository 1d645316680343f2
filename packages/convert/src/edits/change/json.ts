import { evaluate, type ValueNode } from '@humanwhocodes/momoa'
import { documentOf, nodeAt } from '../json.ts'
import { addInBrackets, type Place, removeInBrackets } from './flow.ts'
import type { TreeFormat } from './tree-format.ts'

/** JSON with members and items that are added and removed. */
export const jsonChanges: TreeFormat = {
  documents: (text) => [evaluate(documentOf(text))],
  add(text, _document, above, { key, value }) {
    const node = nodeAt(documentOf(text), above)
    if (node?.range === undefined) return []
    const printed = JSON.stringify(value)
    const item = key === undefined ? printed : `${JSON.stringify(key)}: ${printed}`
    return [addInBrackets(text, node.range[0], itemsOf(node), item)]
  },
  remove(text, _document, path) {
    const last = path.at(-1)
    const node = nodeAt(documentOf(text), path.slice(0, -1))
    if (node?.type === 'Array') return [removeInBrackets(text, itemsOf(node), Number(last))]
    if (node?.type !== 'Object') return []
    const index = node.members.findLastIndex(
      ({ name }) => (name.type === 'String' ? name.value : name.name) === last,
    )
    return [removeInBrackets(text, itemsOf(node), index)]
  },
}

function itemsOf(node: ValueNode): Place[] {
  const nodes =
    node.type === 'Object'
      ? node.members
      : node.type === 'Array'
        ? node.elements.map(({ value }) => value)
        : []
  return nodes.flatMap(({ range }) =>
    range === undefined ? [] : [{ start: range[0], end: range[1] }],
  )
}
