import { displayPath, type Origin } from '@landfall/diagnostic'
import { reportProblem } from '../codes.ts'
import { listNode, type Node, type ScalarNode, spanOfNode, textAt, textOf } from '../tree/node.ts'
import { fromPlain } from '../tree/plain.ts'
import { pointerTo } from '../tree/rules.ts'
import { parseMount } from './mount.ts'
import { parsePort } from './port.ts'
import type { Failure, Transform } from './transform.ts'

/** Parts that only the text of a short form says, in other words. */
const said = new Set(['read_only', 'nocopy'])

/** The parts of a short form; those that the text does not hold are defaults. */
function longForm(parts: object, short: Node): Node {
  const text = short.kind === 'scalar' ? String(short.value) : ''
  const implied: readonly Origin[] = [...short.origins, { kind: 'default', rule: 'short-form' }]
  const visit = (node: Node, key: string): void => {
    if (node.kind === 'map' && node.entries.size > 0)
      for (const [name, child] of node.entries) visit(child, name)
    else if (!said.has(key) && (node.kind !== 'scalar' || !text.includes(String(node.value))))
      node.origins = implied
  }
  const long = fromPlain(parts, short.origins)
  visit(long, '')
  return long
}

export const isText = (node: Node): node is ScalarNode => textOf(node) !== undefined

function port(node: Node, pointer: string): Node | Node[] | Failure {
  if (node.kind === 'map' && !node.entries.has('target') && !node.incomplete)
    return { code: 'compose/invalid-port', message: `${displayPath(pointer)} has no target` }
  if (node.kind !== 'scalar') return node
  const spec = String(node.value)
  const ports = parsePort(spec)
  if (!Array.isArray(ports))
    return {
      code: 'compose/invalid-port',
      message: `the port "${spec}" cannot be parsed: ${ports.error}`,
      hint: 'write "80", "8080:80", "127.0.0.1:8080:80" or "8000-8010:9000-9010/udp"',
    }
  return ports.map((one) => longForm(one, node))
}

/** One text that cannot be read but may stay leaves all ports in short form. */
export const ports: Transform = (node, pointer, { report, keepUnreadable }) => {
  if (node.kind !== 'list') return node
  const long: Node[] = []
  for (const [index, item] of node.items.entries()) {
    const read = port(item, pointerTo(pointer, index))
    if (!('code' in read)) long.push(...[read].flat())
    else if (keepUnreadable && isText(item)) return node
    else reportProblem(report, { ...read, path: pointerTo(pointer, index), at: spanOfNode(item) })
  }
  node.items = long
  return node
}

const MOUNT_FORMS = 'write "name:/path", "./directory:/path" or "/path", with ":ro" for read-only'

export const mount: Transform = (node, pointer) => {
  const spec = textOf(node)
  const isBind = node.kind === 'map' && textAt(node, 'type') === 'bind'
  if (isBind && !node.entries.has('source') && !node.incomplete)
    return { code: 'compose/invalid-mount', message: `${displayPath(pointer)} has no source` }
  if (spec === undefined)
    return textAt(node, 'target') === undefined && node.kind === 'map' && !node.incomplete
      ? { code: 'compose/invalid-mount', message: `${displayPath(pointer)} has no target` }
      : node
  const parsed = parseMount(spec)
  return 'error' in parsed
    ? {
        code: 'compose/invalid-mount',
        message: `the volume "${spec}" cannot be parsed: ${parsed.error}`,
        hint: MOUNT_FORMS,
        many: {
          subject: `"${spec}"`,
          message: `the volumes <all> cannot be parsed: ${parsed.error}`,
          hint: MOUNT_FORMS,
        },
      }
    : longForm(parsed, node)
}

export const device: Transform = (node, pointer, { keepUnreadable }) => {
  const spec = textOf(node)
  if (spec === undefined)
    return textAt(node, 'target') === undefined && node.kind === 'map' && !node.incomplete
      ? { code: 'compose/invalid-mount', message: `${displayPath(pointer)} has no target` }
      : node
  const [source = '', target, permissions = 'rwm', ...more] = spec.split(':')
  if (more.length > 0 && keepUnreadable)
    return longForm({ source: '', target: '', permissions: 'rwm' }, node)
  if (more.length > 0)
    return { code: 'compose/invalid-mount', message: `the device "${spec}" has too many colons` }
  return longForm({ source, target: target || source, permissions }, node)
}

export const gpus: Transform = (node) =>
  isText(node) ? listNode(node.origins, [longForm({ count: 'all' }, node)]) : node
