import {
  type Document,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  type Node,
  parseAllDocuments,
  stringify,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml'
import { childOf } from '../yaml.ts'
import {
  addInBrackets,
  addLinesAfter,
  addLinesAtEnd,
  linesAround,
  type Place,
  removeInBrackets,
  spliced,
} from './flow.ts'
import type { TreeFormat } from './tree-format.ts'

/** YAML with members and items that are added and removed; comments stay. */
export const yamlChanges: TreeFormat = {
  documents: (text) => documentsOf(text).map((document) => document.toJS() as unknown),
  add(text, index, above, { key, value }) {
    const document = documentsOf(text)[index]
    const node = above.reduce<unknown>(childOf, document?.contents)
    const added = key === undefined ? [value] : { [key]: value }
    const lines = stringify(added, { lineWidth: 0 }).trimEnd()
    if (!isMap(node) && !isSeq(node)) return above.length === 0 ? [addLinesAtEnd(text, lines)] : []
    const [start = 0, end = start] = node.range ?? []
    const flow =
      key === undefined ? JSON.stringify(value) : `${JSON.stringify(key)}: ${JSON.stringify(value)}`
    if (node.flow === true || node.items.length === 0)
      return [addInBrackets(text, start, itemsOf(node), flow)]
    const column = start - (text.lastIndexOf('\n', start - 1) + 1)
    const last = Math.max(text.slice(0, endOf(node)).trimEnd().length, start)
    const oneLine = key === undefined ? `- ${flow}` : flow
    return [lines, oneLine].flatMap((one) => {
      const indented = one.replace(/^(?=.)/gm, ' '.repeat(column))
      // Blank lines at the end of a text with `|+` belong to it.
      return [
        addLinesAfter(text, last, indented),
        spliced(text, { start: end, end }, `${indented}\n`),
      ]
    })
  },
  remove(text, index, path) {
    const last = path.at(-1)
    const node = path.slice(0, -1).reduce<unknown>(childOf, documentsOf(text)[index]?.contents)
    if (!isMap(node) && !isSeq(node)) return []
    const items = itemsOf(node)
    const at = isMap(node)
      ? node.items.findIndex(({ key }) => isScalar(key) && String(key.value) === last)
      : Number(last)
    const item = items[at]
    const [start = 0, end = start] = node.range ?? []
    if (item === undefined) return []
    if (node.flow === true) return [removeInBrackets(text, items, at)]
    const trimmed = text.slice(0, item.end).trimEnd().length
    if (items.length === 1)
      return [start, text.slice(0, start).trimEnd().length].flatMap((first) =>
        [trimmed, endOf(node)].map((last) =>
          spliced(
            text,
            { start: first, end: Math.max(last, start) },
            `${first < start ? ' ' : ''}${isMap(node) ? '{}' : '[]'}`,
          ),
        ),
      )
    const next = items[at + 1]
    const whole = linesAround(text, { start: item.start, end: trimmed })
    return [
      spliced(text, whole),
      spliced(text, { start: item.start, end: next?.start ?? end }),
      spliced(text, { start: whole.start, end }),
    ]
  },
}

function documentsOf(text: string): Document.Parsed[] {
  const documents = parseAllDocuments(text) as Document.Parsed[]
  for (const { errors } of documents) {
    const [error] = errors
    if (error !== undefined) throw new SyntaxError(error.message.split('\n')[0])
  }
  return documents
}

/** From its key, or of a list that is a block from its dash on. */
function itemsOf(node: YAMLMap | YAMLSeq): Place[] {
  return (node.items as unknown[]).map((item) => {
    const key = isPair(item) ? (item.key as Node) : (item as Node)
    return { start: key?.range?.[0] ?? 0, end: endOf(item) }
  })
}

/** The end of the last value in a node, without the comments after it. */
function endOf(node: unknown): number {
  if (isPair(node))
    return node.value == null ? endOf(node.key) : Math.max(endOf(node.value), endOf(node.key))
  if ((isMap(node) || isSeq(node)) && node.flow !== true && node.items.length > 0)
    return endOf(node.items.at(-1))
  if (isScalar(node) || isAlias(node) || isMap(node) || isSeq(node)) return node.range?.[1] ?? 0
  return 0
}
