import { parse, type ValueNode } from '@humanwhocodes/momoa'
import { type Located, typeOf, type ValueType } from './located.ts'

/** JSON, JSON with comments and trailing commas, and JSON5: each is read as JSON5, of which the others are a part. */
export function locateJson(text: string, path: readonly string[]): Located | undefined {
  const found = nodeAt(documentOf(text), path)
  if (found?.range === undefined) return undefined
  const [start, end] = found.range
  const single = text[start] === "'"
  return { start, end, type: typeOfNode(found), print: (value) => printed(value, single) }
}

export function nodeAt(document: ValueNode, path: readonly string[]): ValueNode | undefined {
  return path.reduce<ValueNode | undefined>(childOf, document)
}

/** The value of a text. Throws a SyntaxError. */
export function documentOf(text: string): ValueNode {
  try {
    return parse(text, { mode: 'json5', ranges: true }).body
  } catch (error) {
    throw new SyntaxError(`not JSON: ${(error as Error).message}`)
  }
}

/** Of members with one name the last one counts, as for JSON.parse. */
function childOf(node: ValueNode | undefined, key: string): ValueNode | undefined {
  if (node?.type === 'Array')
    return node.elements.find((_element, index) => String(index) === key)?.value
  if (node?.type !== 'Object') return undefined
  return node.members.findLast(
    ({ name }) => (name.type === 'String' ? name.value : name.name) === key,
  )?.value
}

function typeOfNode(node: ValueNode): ValueType {
  if (node.type === 'Object') return 'mapping'
  if (node.type === 'Array') return 'list'
  if (node.type === 'NaN' || node.type === 'Infinity') return 'number'
  return typeOf(node.type === 'Null' ? null : node.value)
}

/** A text in quotes of the same kind as before. */
function printed(value: unknown, single: boolean): string {
  const text = JSON.stringify(value)
  if (!single || typeof value !== 'string') return text
  return `'${text.slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`
}
