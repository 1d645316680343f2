import { isAlias, isMap, isPair, isSeq, type ParsedNode } from 'yaml'
import type { SyntaxNode, SyntaxPair } from './syntax.ts'

/** What the `yaml` package read, as syntax. `written` tells where its offsets are in the text as it was written. */
export function toSyntax(
  node: ParsedNode,
  written: (offset: number) => number = (offset) => offset,
): SyntaxNode {
  const [start, end] = [written(node.range[0]), written(node.range[1])]
  if (isAlias(node)) return { kind: 'alias', start, end, name: node.source }
  const { anchor, tag } = node
  if (isMap(node)) {
    const pairs = node.items.flatMap((pair): SyntaxPair[] => {
      if (!isPair(pair)) return []
      const [key, value] = [pair.key as ParsedNode | null, pair.value as ParsedNode | null]
      return [{ key: key && toSyntax(key, written), value: value && toSyntax(value, written) }]
    })
    const last = pairs.at(-1)
    const lastEnd = last?.value?.end ?? last?.key?.end
    return { kind: 'map', start, end: blockEnd(node.flow, lastEnd, end), anchor, tag, pairs }
  }
  if (isSeq(node)) {
    const items = node.items.map((item) => toSyntax(item as ParsedNode, written))
    const lastEnd = items.at(-1)?.end
    return { kind: 'list', start, end: blockEnd(node.flow, lastEnd, end), anchor, tag, items }
  }
  const plain = node.type === 'PLAIN'
  return { kind: 'scalar', start, end, anchor, tag, text: node.source ?? '', plain }
}

/** The package counts empty lines and comments after the last value as well. */
function blockEnd(flow: boolean | undefined, lastEnd: number | undefined, end: number): number {
  return flow === true || lastEnd === undefined ? end : lastEnd
}
