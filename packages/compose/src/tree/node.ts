import type { Origin, Span } from '@landfall/diagnostic'

/** What a scalar is by go-yaml's reading. `int` and `float` print differently although both are numbers here. */
export type ScalarType = 'string' | 'int' | 'float' | 'bool' | 'null' | 'timestamp'

interface Placed {
  /** Where the value came from, the deciding place last. */
  origins: readonly Origin[]
  /** The key that holds the value, in the file that decided. */
  key?: Span
}

/** `int` beyond 2^53 is a bigint; `timestamp` is RFC 3339. */
export interface ScalarNode extends Placed {
  readonly kind: 'scalar'
  readonly type: ScalarType
  readonly value: string | number | bigint | boolean | null
}

export interface MapNode extends Placed {
  readonly kind: 'map'
  readonly entries: Map<string, Node>
  /** Something was wrong in here, was reported and taken out: what is missing now is not reported again. */
  incomplete?: boolean
}

export interface ListNode extends Placed {
  readonly kind: 'list'
  items: Node[]
}

/** A value on its way to the project, with its places. Phases change maps and lists in place; scalars are replaced. */
export type Node = ScalarNode | MapNode | ListNode

type Origins = readonly Origin[]

export function mapNode(origins: Origins, entries: Iterable<[string, Node]> = []): MapNode {
  return { kind: 'map', entries: new Map(entries), origins }
}

export function listNode(origins: Origins, items: Node[] = []): ListNode {
  return { kind: 'list', items, origins }
}

export function textNode(value: string, origins: Origins): ScalarNode {
  return { kind: 'scalar', type: 'string', value, origins }
}

export function intNode(value: number | bigint, origins: Origins): ScalarNode {
  return { kind: 'scalar', type: 'int', value, origins }
}

export function boolNode(value: boolean, origins: Origins): ScalarNode {
  return { kind: 'scalar', type: 'bool', value, origins }
}

export function nullNode(origins: Origins): ScalarNode {
  return { kind: 'scalar', type: 'null', value: null, origins }
}

export function isNull(node: Node | undefined): boolean {
  return node?.kind === 'scalar' && node.type === 'null'
}

/** The text of a string scalar; undefined for everything else. */
export function textOf(node: Node | undefined): string | undefined {
  return node?.kind === 'scalar' && node.type === 'string' ? (node.value as string) : undefined
}

/** The text of a string scalar that a mapping holds under a key. */
export function textAt(node: Node | undefined, key: string): string | undefined {
  return node?.kind === 'map' ? textOf(node.entries.get(key)) : undefined
}

/** The mapping under a key, or undefined where there is none. */
export function mapAt(node: Node | undefined, key: string): MapNode | undefined {
  const child = node?.kind === 'map' ? node.entries.get(key) : undefined
  return child?.kind === 'map' ? child : undefined
}

/** The items of the list under a key; empty where there is none. */
export function itemsAt(node: Node | undefined, key: string): readonly Node[] {
  const child = node?.kind === 'map' ? node.entries.get(key) : undefined
  return child?.kind === 'list' ? child.items : []
}

/** A copy that shares nothing that phases change. */
export function cloneNode<T extends Node>(node: T): T
export function cloneNode(node: Node): Node {
  if (node.kind === 'scalar') return { ...node }
  if (node.kind === 'list') return { ...node, items: node.items.map((item) => cloneNode(item)) }
  const entries = new Map<string, Node>()
  for (const [key, child] of node.entries) entries.set(key, cloneNode(child))
  return { ...node, entries }
}

/** How many values a tree holds, itself included. */
export function sizeOf(node: Node): number {
  if (node.kind === 'scalar') return 1
  let size = 1
  for (const child of node.kind === 'list' ? node.items : node.entries.values())
    size += sizeOf(child)
  return size
}

/** Whether two values are the same, places aside. */
export function sameValue(a: Node, b: Node): boolean {
  if (a.kind === 'scalar')
    return b.kind === 'scalar' && a.type === b.type && Object.is(a.value, b.value)
  if (a.kind === 'list')
    return (
      b.kind === 'list' &&
      a.items.length === b.items.length &&
      a.items.every((item, index) => sameValue(item, b.items[index] as Node))
    )
  if (b.kind !== 'map' || a.entries.size !== b.entries.size) return false
  for (const [key, child] of a.entries) {
    const other = b.entries.get(key)
    if (other === undefined || !sameValue(child, other)) return false
  }
  return true
}

/** Where the value stands in a file: the deciding place. */
export function spanOfNode(node: Node | undefined): Span | undefined {
  const inFile = node?.origins.findLast((origin) => origin.kind === 'file')
  return inFile?.kind === 'file' ? inFile.span : undefined
}

/** The key of a value where it has one, else the value: what to point at when the entry as a whole is meant. */
export function entrySpan(node: Node | undefined): Span | undefined {
  return node?.key ?? spanOfNode(node)
}

/** The origins of a value that is made of an entry as a whole: its last place reaches from the key to the value's end. */
export function originsOfEntry({ key, origins }: Node): Origins {
  const last = origins.at(-1)
  if (key === undefined || last?.kind !== 'file') return origins
  const { file, start, end } = last.span
  if (key.file !== file || key.start > start) return origins
  return [...origins.slice(0, -1), { ...last, span: { file, start: key.start, end } }]
}

/** What a value is, in the words of people who write YAML. */
export function describeNode(node: Node): string {
  if (node.kind === 'map') return 'a mapping'
  if (node.kind === 'list') return 'a list'
  switch (node.type) {
    case 'string':
      return 'a string'
    case 'int':
    case 'float':
      return 'a number'
    case 'bool':
      return `the boolean ${node.value}`
    case 'null':
      return 'empty'
    case 'timestamp':
      return 'a date (put it in quotes to make it a string)'
  }
}
