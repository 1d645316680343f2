import type { Report } from '@landfall/diagnostic'
import { displayPath, fromPointer } from '@landfall/diagnostic'
import { reportProblem } from '../codes.ts'
import {
  describeNode,
  entrySpan,
  isNull,
  type ListNode,
  type MapNode,
  type Node,
  type ScalarNode,
  spanOfNode,
  textOf,
} from '../tree/node.ts'
import { pointerTo } from '../tree/rules.ts'
import { projectShape } from './project.ts'
import { serviceFields } from './service.ts'
import type { MapShape, Shape } from './shape.ts'
import { suggest } from './suggest.ts'

/**
 * Compares a tree with the Compose Specification's schema. What does not fit is reported and taken out, so that later
 * phases meet well-formed values only.
 */
export function validateSchema(root: MapNode, report: Report): void {
  validateValue(root, projectShape, '', report)
}

/** The same for one value of known shape; false: it was reported and has to go. */
export function validateValue(node: Node, shape: Shape, pointer: string, report: Report): boolean {
  if (shape.any) return true
  if (node.kind === 'map' && shape.map !== undefined) {
    checkMap(node, shape.map, pointer, report)
    return true
  }
  if (node.kind === 'list' && shape.list !== undefined) {
    checkList(node, shape.list.items, pointer, report)
    if (shape.list.unique) dropEqual(node, pointer, report)
    return true
  }
  if (node.kind === 'scalar' && takesScalar(node, shape))
    return scalarFits(node, shape, pointer, report)
  const place = spanOfNode(node)
  reportProblem(report, {
    code: 'compose/wrong-type',
    message: `${displayPath(pointer)} must be ${expectation(shape)}, not ${describeNode(node)}`,
    path: pointer,
    at: isNull(node) || place === undefined ? entrySpan(node) : place,
    hint: typeHint(node, shape, pointer),
  })
  return false
}

/** What was probably meant, else an example. */
function typeHint(node: Node, shape: Shape, pointer: string): string | undefined {
  const [key = '', above, ...higher] = fromPointer(pointer).reverse()
  if (above === 'services' && higher.length === 0 && Object.hasOwn(serviceFields, key))
    return `"${key}" belongs into a service: indent it under the name of one.`
  const [, name, value] = /^([\w-]+):(\S.{0,80})$/.exec(textOf(node) ?? '') ?? []
  if (shape.map && !shape.text && name !== undefined && !value?.startsWith('//'))
    return `write a space after the colon: "${name}: ${value}"`
  if (node.kind === 'map' && shape.text && /^\d+$/.test(key))
    return 'put it in quotes, or leave the "-" out where keys and values are meant'
  return shape.example && exampleHint(pointer, shape.example)
}

function exampleHint(pointer: string, example: string): string {
  return `for example: ${displayPath(pointer).replace(/^.*\./, '')}: ${example}`
}

function takesScalar(node: ScalarNode, shape: Shape): boolean {
  switch (node.type) {
    case 'string':
      return shape.text === true
    case 'bool':
      return shape.boolean === true
    case 'null':
      return shape.null === true
    case 'int':
      return shape.number !== undefined
    case 'float':
      return (
        shape.number === 'any' ||
        (shape.number === 'integer' && Number.isInteger(Number(node.value)))
      )
    case 'timestamp':
      return false
  }
}

function scalarFits(node: ScalarNode, shape: Shape, pointer: string, report: Report): boolean {
  const wrong = wrongValue(node, shape, pointer)
  if (wrong === undefined) return true
  reportProblem(report, {
    code: 'compose/not-allowed-value',
    message: `${displayPath(pointer)} ${wrong.message}`,
    path: pointer,
    at: spanOfNode(node),
    hint: wrong.hint,
  })
  return false
}

function wrongValue(
  node: ScalarNode,
  shape: Shape,
  pointer: string,
): { message: string; hint?: string } | undefined {
  if (typeof node.value === 'string') {
    const message = `cannot be "${node.value}"`
    if (shape.values !== undefined && !shape.values.includes(node.value)) {
      const near = suggest(node.value, shape.values)
      const all = `allowed: ${shape.values.join(', ')}`
      return { message, hint: near ? `did you mean "${near}"? ${all}` : all }
    }
    if (shape.pattern !== undefined && !shape.pattern.test(node.value))
      return { message, ...(shape.example && { hint: exampleHint(pointer, shape.example) }) }
  } else if (node.type === 'int' || node.type === 'float') {
    const value = Number(node.value)
    if (shape.minimum !== undefined && value < shape.minimum)
      return { message: `must be at least ${shape.minimum}` }
    if (shape.maximum !== undefined && value > shape.maximum)
      return { message: `must be at most ${shape.maximum}` }
  }
  return undefined
}

function checkList(node: ListNode, items: Shape, pointer: string, report: Report): void {
  node.items = node.items.filter((item, index) =>
    validateValue(item, items, pointerTo(pointer, index), report),
  )
}

function dropEqual(node: ListNode, pointer: string, report: Report): void {
  const kept = new Map<string, Node>()
  const numbers = new Map<number, Node>()
  for (const [index, item] of node.items.entries()) {
    const identity = identityOf(item)
    const number = numberIn(item)
    const isNumber = item.kind === 'scalar' && item.type !== 'string'
    const first =
      kept.get(identity) ?? (isNumber && number !== undefined ? numbers.get(number) : undefined)
    if (first === undefined) {
      kept.set(identity, item)
      if (number !== undefined) numbers.set(number, item)
    } else
      reportProblem(report, {
        code: 'compose/duplicate-item',
        message: `${displayPath(pointer)} has this item twice`,
        path: pointerTo(pointer, index),
        at: spanOfNode(item),
        related: [{ message: 'first here', at: spanOfNode(first) }],
        hint: 'remove one of the two',
      })
  }
  node.items = [...kept.values()]
}

/** The number that a scalar can be read as, also from a text: Docker Compose finds a number equal to a text before it. */
function numberIn(node: Node): number | undefined {
  if (node.kind !== 'scalar') return undefined
  const [, above = '', below = '1'] = /^([^/]*)(?:\/(.*))?$/.exec(String(node.value)) ?? []
  const isNumeric = [above, below].every((part) =>
    /^[+-]?(?:0x[\da-f_]+|[\d_]+(?:\.\d*)?(?:e[+-]?\d+)?)$/i.test(part),
  )
  if (!isNumeric) return undefined
  const [top, bottom] = [above, below].map((part) => Number(part.replaceAll('_', '')))
  return (top as number) / (bottom as number)
}

/** A text that two values share only when they are the same, places and the order of keys aside. */
function identityOf(node: Node): string {
  if (node.kind === 'scalar') return `${node.type} ${JSON.stringify(String(node.value))}`
  if (node.kind === 'list') return `[${node.items.map(identityOf).join()}]`
  const entries = [...node.entries].map(([key, child]) => [JSON.stringify(key), identityOf(child)])
  return `{${entries.sort().join()}}`
}

/** More unknown keys than this in one mapping were not meant as known ones. */
const suggestionLimit = 20

function checkMap(node: MapNode, shape: MapShape, pointer: string, report: Report): void {
  let unknown = 0
  for (const [key, child] of node.entries) {
    const inside = childShape(shape, key)
    const path = pointerTo(pointer, key)
    if (inside === 'open') continue
    if (inside !== undefined && validateValue(child, inside, path, report)) continue
    node.entries.delete(key)
    node.incomplete = true
    if (inside !== undefined) continue
    const known = ++unknown > suggestionLimit ? [] : Object.keys(shape.fields ?? {})
    reportUnknown(key, child, shape, pointer, known, report)
  }
  for (const key of shape.required ?? []) {
    if (node.entries.has(key) || node.incomplete) continue
    reportProblem(report, {
      code: 'compose/missing-key',
      message: `${displayPath(pointer)} needs the key "${key}"`,
      path: pointer,
      at: entrySpan(node),
    })
    node.incomplete = true
  }
}

function childShape(shape: MapShape, key: string): Shape | 'open' | undefined {
  if (shape.fields !== undefined && Object.hasOwn(shape.fields, key)) return shape.fields[key]
  if (shape.names?.pattern.test(key)) return shape.names.shape
  if (shape.open || (shape.extensible && key.startsWith('x-'))) return 'open'
  return undefined
}

function reportUnknown(
  key: string,
  node: Node,
  shape: MapShape,
  pointer: string,
  known: readonly string[],
  report: Report,
): void {
  const where = pointer === '' ? 'at the top of a Compose file' : `in ${displayPath(pointer)}`
  if (shape.names !== undefined) {
    reportProblem(report, {
      code: 'compose/unknown-key',
      message: `the name "${key}" is not allowed ${where}`,
      path: pointerTo(pointer, key),
      at: entrySpan(node),
      hint: 'names consist of letters, digits, ".", "_" and "-"',
    })
    return
  }
  const near = suggest(key, known)
  const elsewhere = pointer === '' && Object.hasOwn(serviceFields, key)
  const isService = pointer === '' && ['image', 'build'].some((inside) => mapHas(node, inside))
  reportProblem(report, {
    code: 'compose/unknown-key',
    message: `"${key}" is not a known key ${where}`,
    path: pointerTo(pointer, key),
    at: entrySpan(node),
    hint:
      near !== undefined
        ? `did you mean "${near}"?`
        : elsewhere
          ? `"${key}" belongs into a service, under "services:".`
          : isService
            ? 'services are defined under "services:", indented'
            : shape.extensible
              ? 'remove it, or start its name with "x-" to make it an extension'
              : 'remove it',
  })
}

function mapHas(node: Node, key: string): boolean {
  return node.kind === 'map' && node.entries.has(key)
}

/** The accepted types in words: `a list or a mapping`. */
function expectation(shape: Shape): string {
  const words: string[] = []
  if (shape.text) words.push('a string')
  if (shape.number) words.push(shape.number === 'integer' ? 'a whole number' : 'a number')
  if (shape.boolean) words.push('true or false')
  if (shape.list) words.push('a list')
  if (shape.map) words.push('a mapping')
  if (shape.null) words.push('empty')
  const last = words.pop() ?? ''
  return words.length === 0 ? last : `${words.join(', ')} or ${last}`
}
