import { isAlias, isMap, isScalar, isSeq, parseAllDocuments, stringify } from 'yaml'
import { type Located, typeOf } from './located.ts'

/** YAML, in the first document that has the path. */
export function locateYaml(text: string, path: readonly string[]): Located | undefined {
  for (const document of parseAllDocuments(text)) {
    const [error] = 'errors' in document ? document.errors : []
    if (error !== undefined) throw new SyntaxError(error.message.split('\n')[0])
    const node = path.reduce<unknown>(childOf, document.contents)
    if (node === undefined) continue
    const resolved = isAlias(node) ? node.resolve(document) : node
    const { range } = node as { range?: readonly number[] }
    if (range === undefined || range === null) continue
    const [start = 0, last = start] = range
    // A block of lines ends with line breaks, which also end the line of the key.
    const end = isBlock(node) ? start + text.slice(start, last).trimEnd().length : last
    return {
      start,
      end,
      type: isMap(resolved) ? 'mapping' : isSeq(resolved) ? 'list' : typeOf(scalarOf(resolved)),
      print: (value) => `${start === end ? ' ' : ''}${printed(value, text.slice(start, end))}`,
    }
  }
  return undefined
}

export function childOf(node: unknown, key: string): unknown {
  if (isMap(node))
    return node.items.find((pair) => isScalar(pair.key) && String(pair.key.value) === key)?.value
  return isSeq(node) ? node.items[Number(key)] : undefined
}

function isBlock(node: unknown): boolean {
  return isScalar(node) && (node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED')
}

function scalarOf(node: unknown): unknown {
  return isScalar(node) ? (node.value ?? null) : null
}

/** On one line, in quotes of the same kind as before where there were some. */
function printed(value: unknown, before: string): string {
  if (typeof value === 'string' && before.startsWith('"')) return JSON.stringify(value)
  if (typeof value === 'string' && before.startsWith("'") && !/[\n\r]/.test(value))
    return `'${value.replaceAll("'", "''")}'`
  if (typeof value === 'object' && value !== null) return JSON.stringify(value)
  const plain = stringify(value, { lineWidth: 0 }).trimEnd()
  return plain.includes('\n') ? JSON.stringify(value) : plain
}
