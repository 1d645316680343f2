import { type AST, getStaticTOMLValue, parseTOML } from 'toml-eslint-parser'
import { isMapping } from '../../mapping.ts'
import { below, printToml, tomlValueAt } from '../toml.ts'
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

/** TOML with keys, tables and items that are added and removed. */
export const tomlChanges: TreeFormat = {
  documents: (text) => [getStaticTOMLValue(parseTOML(unmarked(text)))],
  add(text, _document, above, { key, value }) {
    const inline = tomlValueAt(text, above)
    if (inline !== undefined) return [addInline(text, inline, key, value)]
    const path = key === undefined ? above : [...above, key]
    const tables = isMapping(value)
      ? [addLinesAtEnd(text, tableLines(path, value, key === undefined))]
      : []
    if (key === undefined) return tables
    return [
      ...tables,
      ...tablesAbove(text, above).flatMap(({ rest, after }) => {
        const line = `${[...rest, key].map(printKey).join('.')} = ${printToml(value)}`
        return after === undefined ? [`${line}\n${text}`] : [addLinesAfter(text, after, line)]
      }),
      addLinesAtEnd(text, tableLines(above, { [key]: value }, false)),
    ]
  },
  remove(text, _document, path) {
    const inline = tomlValueAt(text, path.slice(0, -1))
    if (inline !== undefined) return [removeInline(text, inline, path.at(-1) as string)]
    return [
      partsAt(text, path).reduceRight(
        (rest, place) => spliced(rest, linesAround(text, place)),
        text,
      ),
    ]
  },
}

function addInline(
  text: string,
  node: AST.TOMLContentNode,
  key: string | undefined,
  value: unknown,
): string {
  const item = key === undefined ? printToml(value) : `${printKey(key)} = ${printToml(value)}`
  return addInBrackets(text, node.range[0], inlineItems(node), item)
}

function removeInline(text: string, node: AST.TOMLContentNode, key: string): string {
  const index =
    node.type === 'TOMLInlineTable'
      ? node.body.findIndex((pair) => keysOf(pair).join('.') === key)
      : Number(key)
  return removeInBrackets(text, inlineItems(node), index)
}

function inlineItems(node: AST.TOMLContentNode): Place[] {
  const nodes =
    node.type === 'TOMLInlineTable' ? node.body : node.type === 'TOMLArray' ? node.elements : []
  return nodes.map(({ range: [start, end] }) => ({ start, end }))
}

/** Tables in which a path can be continued, the nearest first; `after`: the end of its last line, of the top level undefined if it is empty. */
function tablesAbove(
  text: string,
  path: readonly string[],
): { rest: readonly string[]; after: number | undefined }[] {
  const { body } = parseTOML(unmarked(text)).body[0]
  const top = body.filter((part) => part.type === 'TOMLKeyValue').at(-1)
  const tables = body.flatMap((part) => {
    if (part.type !== 'TOMLTable') return []
    const rest = below(path, part.resolvedKey.map(String))
    const after = part.body.at(-1)?.range[1] ?? part.key.range[1]
    return rest === undefined ? [] : [{ rest, after }]
  })
  return [...tables, { rest: path, after: top?.range[1] }].sort(
    (a, b) => a.rest.length - b.rest.length,
  )
}

/** Every line of a value: its pairs, and its tables. */
function partsAt(text: string, path: readonly string[]): Place[] {
  const { body } = parseTOML(unmarked(text)).body[0]
  const isBelow = (keys: readonly string[]): boolean => below(keys, path) !== undefined
  return body
    .flatMap((part): AST.TOMLNode[] => {
      if (part.type === 'TOMLKeyValue') return isBelow(keysOf(part)) ? [part] : []
      const table = part.resolvedKey.map(String)
      if (isBelow(table)) return [part]
      return part.body.filter((pair) => isBelow([...table, ...keysOf(pair)]))
    })
    .map(({ range: [start, end] }) => ({ start, end }))
}

function tableLines(
  path: readonly string[],
  value: Record<string, unknown>,
  isItem: boolean,
): string {
  const name = path.map(printKey).join('.')
  const pairs = Object.entries(value).map(([key, one]) => `${printKey(key)} = ${printToml(one)}`)
  return [isItem ? `[[${name}]]` : `[${name}]`, ...pairs].join('\n')
}

function keysOf({ key }: AST.TOMLKeyValue): string[] {
  return key.keys.map((one) => (one.type === 'TOMLBare' ? one.name : one.value))
}

function printKey(key: string): string {
  return /^[\w-]+$/.test(key) ? key : JSON.stringify(key)
}

/** A byte order mark is left out, and the places of all that follows stay. */
function unmarked(text: string): string {
  return text.replace(/^\uFEFF/, ' ')
}
