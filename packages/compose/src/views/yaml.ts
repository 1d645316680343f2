import { goPrintFloat } from '../tree/go-print.ts'
import type { Node, ScalarNode } from '../tree/node.ts'
import { printText } from './yaml-scalar.ts'

/** YAML as go-yaml v3 prints it, each level further in by a number of spaces. Keys stay in their order. */
export function printYaml(root: Node, step = 2): string {
  const text = print(root, 0, step)
  return endsLine(text) ? text : `${text}\n`
}

/** A literal block may have ended the line already. */
function endsLine(text: string): boolean {
  const last = text.charCodeAt(text.length - 1)
  return last === 0x0a || last === 0x2028 || last === 0x2029
}

/** A value whose first line begins where the caller stands; further lines begin at `indent`. */
function print(node: Node, indent: number, step: number): string {
  if (node.kind === 'scalar') return printScalar(node, indent)
  if (node.kind === 'list')
    return node.items.length === 0
      ? '[]'
      : joinLines(
          node.items.map((item) => `- ${print(item, indent + 2, step)}`),
          indent,
        )
  if (node.entries.size === 0) return '{}'
  return joinLines(
    [...node.entries].map(([key, value]) => printEntry(key, value, indent, step)),
    indent,
  )
}

function joinLines(items: readonly string[], indent: number): string {
  const margin = ' '.repeat(indent)
  let out = items[0] ?? ''
  for (let at = 1; at < items.length; at++)
    out += (endsLine(items[at - 1] as string) ? margin : `\n${margin}`) + items[at]
  return out
}

/** Keys of more than 128 bytes, or of several lines, stand on their own. */
function printEntry(key: string, value: Node, indent: number, step: number): string {
  const inner = step * Math.floor((indent + step) / step)
  if (
    /[\n\r\u0085\u2028\u2029]/.test(key) ||
    (key.length > 42 && new TextEncoder().encode(key).length > 128)
  ) {
    const text = printText(key, inner)
    const margin = ' '.repeat(indent)
    return `? ${text}${endsLine(text) ? '' : '\n'}${margin}: ${print(value, inner, step)}`
  }
  const name = `${printText(key, inner)}:`
  const isBlock =
    (value.kind === 'map' && value.entries.size > 0) ||
    (value.kind === 'list' && value.items.length > 0)
  return isBlock
    ? `${name}\n${' '.repeat(inner)}${print(value, inner, step)}`
    : `${name} ${print(value, inner, step)}`
}

function printScalar(node: ScalarNode, indent: number): string {
  if (node.type === 'string') return printText(node.value as string, indent)
  if (node.type === 'float') return printFloat(node.value as number)
  return String(node.value)
}

function printFloat(value: number): string {
  if (Number.isNaN(value)) return '.nan'
  if (!Number.isFinite(value)) return value > 0 ? '.inf' : '-.inf'
  return goPrintFloat(value)
}
