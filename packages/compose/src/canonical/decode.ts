import { toBoolean, toFloat32, toInt } from '../interpolate/casts.ts'
import type { Decode } from '../schema/shape.ts'
import { goPrint } from '../tree/go-print.ts'
import {
  intNode,
  isNull,
  listNode,
  type MapNode,
  mapNode,
  type Node,
  nullNode,
  originsOfEntry,
  type ScalarNode,
  textNode,
  textOf,
} from '../tree/node.ts'
import { dockerBytes } from './bytes.ts'
import { parseDuration, printDuration } from './duration.ts'
import { decodeHostsMap } from './hosts.ts'
import { shellWords } from './shell-words.ts'

type Decoded = ReturnType<Decode>

/** A text of the same place. */
function textLike(node: Node, text: string): ScalarNode {
  return withKey(textNode(text, node.origins), node)
}

function withKey<T extends Node>(node: T, like: Node): T {
  if (like.key !== undefined) node.key = like.key
  return node
}

export function decodeText(node: Node): Decoded {
  if (node.kind !== 'scalar' || node.type !== 'int')
    return node.kind === 'scalar' && (node.type === 'float' || node.type === 'bool')
      ? { error: `${goPrint(node)} must be a string; put it in quotes` }
      : node
  return textLike(node, String(node.value))
}

export function decodeBoolean(node: Node): Decoded {
  if (node.kind !== 'scalar' || node.type !== 'string') return node
  const value = toBoolean.cast(node.value as string)
  return value === undefined
    ? { error: `"${node.value}" is not true or false` }
    : { ...node, ...value }
}

export function decodeInt(node: Node): Decoded {
  if (node.kind !== 'scalar') return node
  if (node.type === 'float') return { ...node, type: 'int', value: Math.trunc(Number(node.value)) }
  if (node.type !== 'string') return node
  const value = toInt.cast(node.value as string)
  return value === undefined
    ? { error: `"${node.value}" is not a whole number` }
    : { ...node, ...value }
}

export function decodeUint(node: Node): Decoded {
  if (node.kind === 'scalar' && node.type === 'string')
    return { error: `"${node.value}" must be a number without quotes` }
  const value = decodeInt(node)
  return 'kind' in value && value.kind === 'scalar' && Number(value.value) < 0
    ? { error: `${value.value} is negative` }
    : value
}

export function decodeFloat32(node: Node): Decoded {
  if (node.kind !== 'scalar' || node.type === 'null') return node
  const value = toFloat32.cast(goPrint(node))
  return value === undefined ? { error: `"${node.value}" is not a number` } : { ...node, ...value }
}

/** A size in bytes, as the text that Docker Compose prints; a fraction without quotes counts as nothing. */
export function decodeBytes(node: Node): Decoded {
  if (node.kind !== 'scalar' || node.type === 'null') return node
  if (node.type === 'float') return textLike(node, '')
  if (node.type === 'int') return textLike(node, node.value === 0 ? '' : String(node.value))
  const value = dockerBytes(node.value as string)
  if (value === undefined)
    return { error: `"${node.value}" is not a size; write one like 512m or 2gb` }
  return textLike(node, value === 0 ? '' : String(BigInt(value)))
}

export function decodeDuration(node: Node): Decoded {
  if (node.kind !== 'scalar' || node.type === 'null') return node
  const value = parseDuration(goPrint(node))
  if (value === undefined)
    return {
      error: `"${goPrint(node)}" is not a duration; write one with units, like 30s or 1m30s`,
    }
  return textLike(node, printDuration(value))
}

/** A duration where zero counts as not set. */
export function decodeDurationAboveZero(node: Node): Decoded {
  const duration = decodeDuration(node)
  return 'error' in duration || textOf(duration) !== '0s' ? duration : nullNode(duration.origins)
}

export function decodeCommand(node: Node): Decoded {
  if (node.kind !== 'scalar' || node.type !== 'string') return node
  const words = shellWords(node.value as string)
  if (!Array.isArray(words))
    return {
      error: `the command cannot be split into words: ${words.error}`,
      code: 'compose/invalid-command',
    }
  return withKey(
    listNode(
      node.origins,
      words.map((word) => textNode(word, node.origins)),
    ),
    node,
  )
}

export function decodeHealthTest(node: Node): Decoded {
  if (node.kind !== 'scalar' || node.type !== 'string') return node
  const shell = textNode('CMD-SHELL', [...node.origins, { kind: 'default', rule: 'shell-form' }])
  return withKey(
    listNode(node.origins, [shell, textNode(node.value as string, node.origins)]),
    node,
  )
}

/** `key=value` texts as a mapping; `unset` is the value of a key that stands alone. */
function asMap(node: Node, unset: (item: Node) => Node): MapNode | undefined {
  if (node.kind === 'map') return node
  if (node.kind !== 'list') return undefined
  const map = withKey(mapNode(node.origins), node)
  for (const item of node.items) {
    if (item.kind !== 'scalar') continue
    const text = goPrint(item)
    const at = text.indexOf('=')
    map.entries.set(
      at === -1 ? text : text.slice(0, at),
      at === -1 ? unset(item) : textLike(item, text.slice(at + 1)),
    )
  }
  return map
}

const emptyText = (item: Node) => textLike(item, '')

function printValues(map: MapNode, printNull: (node: Node) => Node): MapNode {
  for (const [key, value] of map.entries)
    if (isNull(value)) map.entries.set(key, printNull(value))
    else if (value.kind === 'scalar' && value.type !== 'string')
      map.entries.set(key, textLike(value, goPrint(value)))
  return map
}

/** Texts by key; a key without a value has an empty one. */
export function decodeMapping(node: Node): Decoded {
  const map = asMap(node, emptyText)
  return map === undefined ? node : printValues(map, emptyText)
}

/** Texts by key; whole numbers become texts, other values are refused. */
export function decodeTextMap(node: Node): Decoded {
  if (node.kind !== 'map') return node
  for (const [key, value] of node.entries) {
    const decoded = decodeText(value)
    if ('error' in decoded)
      return { error: `the value of "${key}" must be a string; put it in quotes` }
    node.entries.set(key, isNull(decoded) ? emptyText(decoded) : decoded)
  }
  return node
}

/** Texts by key; a key without a value keeps null. */
export function decodeVariables(node: Node): Decoded {
  if (node.kind === 'list')
    for (const item of node.items) {
      const name = item.kind === 'scalar' ? goPrint(item).split('=', 1)[0] : ''
      if (name && /\s$/.test(name)) return { error: `the name "${name}" ends in a space` }
    }
  const map = asMap(node, (item) => nullNode(item.origins))
  return map === undefined ? node : printValues(map, (value) => value)
}

export function decodeHosts(node: Node): Decoded {
  const hosts = decodeHostsMap(node)
  if (!Array.isArray(hosts)) return hosts
  return withKey(listNode(node.origins, hosts), node)
}

export function decodeUlimit(node: Node): Decoded {
  return node.kind === 'scalar' && (node.type === 'string' || node.type === 'float')
    ? { error: `"${goPrint(node)}" must be a whole number without quotes` }
    : node
}

export function decodeFileMode(node: Node): Decoded {
  if (node.kind !== 'scalar') return node
  if (node.type === 'float') return { error: `${goPrint(node)} is not a file mode` }
  const mode =
    node.type === 'string'
      ? /^[-+]?[0-7]+$/.test(node.value as string)
        ? Number.parseInt(node.value as string, 8)
        : undefined
      : Number(node.value)
  if (mode === undefined)
    return { error: `"${node.value}" is not a file mode; write one like 0440` }
  return textLike(node, `0${mode.toString(8)}`)
}

/** One text as a list of it. */
export function decodeTexts(node: Node): Decoded {
  return node.kind === 'scalar' && node.type === 'string'
    ? withKey(listNode(node.origins, [textNode(node.value as string, node.origins)]), node)
    : node
}

/** SSH keys as texts: the name alone for those of the agent, else `name: path`, as Docker Compose prints them. */
export function decodeSsh(node: Node): Decoded {
  if (node.kind !== 'map') return node
  const keys = [...node.entries].map(([id, path]) =>
    textNode(
      path.kind !== 'scalar' || isNull(path) ? id : `${id}: ${goPrint(path)}`,
      originsOfEntry(path),
    ),
  )
  return withKey(listNode(node.origins, keys), node)
}

/** Every value as a list of texts. */
export function decodeMultiOptions(node: Node): Decoded {
  if (node.kind !== 'map') return node
  for (const [key, value] of node.entries) {
    const items = value.kind === 'list' ? value.items : [value]
    if (items.length === 0) node.entries.delete(key)
    if (items.length === 0) continue
    const texts = items.map((item) =>
      item.kind === 'scalar' ? textLike(item, goPrint(item)) : item,
    )
    node.entries.set(key, withKey(listNode(value.origins, texts), value))
  }
  return node
}

/** The `count` of a device request: `all` is -1. */
export function decodeDeviceCount(node: Node): Decoded {
  const count = node.kind === 'map' ? node.entries.get('count') : undefined
  if (node.kind !== 'map' || count?.kind !== 'scalar' || count.type !== 'string') return node
  const text = count.value as string
  const value = text.toLowerCase() === 'all' ? intNode(-1, count.origins) : toInt.cast(text)
  if (value === undefined) return { error: `the count "${text}" is neither a number nor "all"` }
  node.entries.set('count', withKey({ ...intNode(0, count.origins), ...value }, count))
  return node
}
