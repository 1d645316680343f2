import { isAlias, isMap, isPair, isSeq, type ParsedNode, type Scalar } from 'yaml'
import type { SyntaxNode, SyntaxPair } from './syntax.ts'

/** What the `yaml` package read of a text, as syntax. `written` gives the place of an offset in the text as it was written. */
export function toSyntax(
  node: ParsedNode,
  text: string,
  written: (offset: number) => number = (offset) => offset,
): SyntaxNode {
  const [start, end] = [written(node.range[0]), written(node.range[1])]
  if (isAlias(node)) return { kind: 'alias', start, end, name: node.source }
  const { anchor, tag } = node
  if (isMap(node)) {
    const pairs = node.items.flatMap((pair): SyntaxPair[] => {
      if (!isPair(pair)) return []
      const [key, value] = [pair.key as ParsedNode | null, pair.value as ParsedNode | null]
      return [
        {
          key: key && toSyntax(key, text, written),
          value: value && toSyntax(value, text, written),
        },
      ]
    })
    const last = pairs.at(-1)
    const lastEnd = last?.value?.end ?? last?.key?.end
    return { kind: 'map', start, end: blockEnd(node.flow, lastEnd, end), anchor, tag, pairs }
  }
  if (isSeq(node)) {
    const items = node.items.map((item) => toSyntax(item as ParsedNode, text, written))
    const lastEnd = items.at(-1)?.end
    return { kind: 'list', start, end: blockEnd(node.flow, lastEnd, end), anchor, tag, items }
  }
  const plain = node.type === 'PLAIN'
  return { kind: 'scalar', start, end, anchor, tag, text: scalarText(node, text), plain }
}

/** The package ends a block scalar with a line feed also where the text ends without one; go-yaml does not. */
function scalarText(node: Scalar.Parsed, text: string): string {
  const { type, source, range } = node
  const isBlock = type === 'BLOCK_LITERAL' || type === 'BLOCK_FOLDED'
  if (!isBlock || !source.endsWith('\n') || range[1] < text.length || /[\r\n]$/.test(text))
    return source
  const lastLine = text.slice(text.lastIndexOf('\n') + 1)
  return lastLine.trim() !== '' || / \n$/.test(source) ? source.slice(0, -1) : source
}

/** The package counts empty lines and comments after the last value as well. */
function blockEnd(flow: boolean | undefined, lastEnd: number | undefined, end: number): number {
  return flow === true || lastEnd === undefined ? end : lastEnd
}
