import type { Node } from '../tree/node.ts'

/** JSON as Go prints it: two spaces a level or none at all, HTML characters escaped. Keys stay in their order. */
export function printJson(node: Node, indented = true): string {
  return print(node, indented ? '\n' : undefined)
}

/** `lineBreak` holds the indentation; undefined: all on one line. */
function print(node: Node, lineBreak: string | undefined): string {
  if (node.kind === 'scalar') return printScalar(node.type, node.value)
  const deeper = lineBreak === undefined ? undefined : `${lineBreak}  `
  if (node.kind === 'list') {
    if (node.items.length === 0) return '[]'
    const items = node.items.map((item) => print(item, deeper))
    return enclose('[', items, ']', lineBreak, deeper)
  }
  const colon = lineBreak === undefined ? ':' : ': '
  const entries = [...node.entries].map(
    ([key, value]) => `${quote(key)}${colon}${print(value, deeper)}`,
  )
  return entries.length === 0 ? '{}' : enclose('{', entries, '}', lineBreak, deeper)
}

function enclose(
  open: string,
  items: readonly string[],
  close: string,
  lineBreak = '',
  deeper = '',
): string {
  return `${open}${deeper}${items.join(`,${deeper}`)}${lineBreak}${close}`
}

function printScalar(type: string, value: string | number | bigint | boolean | null): string {
  if (type === 'string' || type === 'timestamp') return quote(String(value))
  return Object.is(value, -0) ? '-0' : String(value)
}

const escaped: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
}

function quote(text: string): string {
  const body = text.replace(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: JSON escapes them
    /["\\\x00-\x1f<>&\u2028\u2029]/g,
    (char) => escaped[char] ?? `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
  return `"${body}"`
}
