import { displayPath, type Origin, type Report } from '@landfall/diagnostic'
import { reportProblem } from '../codes.ts'
import { goPrint } from '../tree/go-print.ts'
import {
  boolNode,
  describeNode,
  isNull,
  type ListNode,
  listNode,
  type MapNode,
  mapNode,
  type Node,
  nullNode,
  originsOfEntry,
  type ScalarNode,
  spanOfNode,
  textNode,
  textOf,
} from '../tree/node.ts'
import { compileRules, pointerTo, type Rules, rulesAt, rulesForItems } from '../tree/rules.ts'
import { device, gpus, isText, mount, ports } from './long-forms.ts'
import type { Reading, Transform } from './transform.ts'

/**
 * Brings every attribute of a tree into its long form, in place. What cannot be read is reported and taken out, or stays
 * as it is. The tree fits the schema.
 */
export function canonicalize(root: MapNode, report: Report, keepUnreadable = false): void {
  visit(root, transforms, '', { report, keepUnreadable })
}

/** [] where the value has to go. */
function visit(
  node: Node,
  rules: Rules<Transform> | undefined,
  pointer: string,
  reading: Reading,
): Node[] {
  const transformed = rules?.rule === undefined ? node : rules.rule(node, pointer, reading)
  if ('code' in transformed) {
    reportProblem(reading.report, { ...transformed, path: pointer, at: spanOfNode(node) })
    return []
  }
  if (Array.isArray(transformed)) return transformed
  if (node.key !== undefined && transformed.key === undefined) transformed.key = node.key
  if (transformed.kind === 'map') visitEntries(transformed, rules, pointer, reading)
  else if (transformed.kind === 'list' && rules !== undefined) {
    const inside = rulesForItems(rules)
    transformed.items = transformed.items.flatMap((item, index) =>
      visit(item, inside, pointerTo(pointer, index), reading),
    )
  }
  return [transformed]
}

function visitEntries(
  node: MapNode,
  rules: Rules<Transform> | undefined,
  pointer: string,
  reading: Reading,
): void {
  for (const [key, child] of node.entries) {
    const inside = rulesAt(rules, key)
    if (inside === undefined) continue
    const [value] = visit(child, inside, pointerTo(pointer, key), reading)
    if (value !== undefined) node.entries.set(key, value)
    else {
      node.entries.delete(key)
      node.incomplete = true
    }
  }
}

const under =
  (key: string): Transform =>
  (node) =>
    isText(node) ? mapNode(node.origins, [[key, node]]) : node

const textToList: Transform = (node) => (isText(node) ? listNode(node.origins, [node]) : node)

const printed: Transform = (node) =>
  node.kind === 'scalar' && node.type !== 'string' ? textNode(goPrint(node), node.origins) : node

const namesToMap: Transform = (node) =>
  node.kind === 'list' ? listToMap(node, (item) => nullNode(item.origins)) : node

function listToMap(list: ListNode, value: (item: ScalarNode) => Node): MapNode {
  const map = mapNode(list.origins)
  for (const item of list.items)
    if (item.kind === 'scalar') map.entries.set(String(item.value), value(item))
  return map
}

const dependsOn: Transform = (node) => {
  const map = node.kind === 'list' ? listToMap(node, (item) => mapNode(item.origins)) : node
  if (map.kind !== 'map') return node
  for (const dependency of map.entries.values()) {
    if (dependency.kind !== 'map') continue
    const { entries } = dependency
    const origins: readonly Origin[] = [
      ...dependency.origins,
      { kind: 'default', rule: 'dependency' },
    ]
    if (!entries.has('condition')) entries.set('condition', textNode('service_started', origins))
    if (!entries.has('required')) entries.set('required', boolNode(true, origins))
  }
  return map
}

/** Texts became numbers where variables were replaced; elsewhere Docker Compose refuses them. */
const ulimit: Transform = (node, pointer) =>
  isText(node)
    ? {
        code: 'compose/wrong-type',
        message: `${displayPath(pointer)} must be a number or a mapping, not ${describeNode(node)}`,
      }
    : node

const envFile: Transform = (node) => {
  const list = isText(node) ? listNode(node.origins, [node]) : node
  if (list.kind !== 'list') return node
  list.items = list.items.map((item) => {
    const entry = isText(item) ? mapNode(item.origins, [['path', item]]) : item
    if (entry.kind === 'map' && !entry.entries.has('required'))
      entry.entries.set('required', boolNode(true, entry.origins))
    return entry
  })
  return list
}

const keyValues: Transform = (node, pointer, { keepUnreadable }) => {
  if (node.kind === 'map')
    for (const [key, value] of node.entries)
      if (textOf(value) === undefined)
        return {
          code: 'compose/wrong-type',
          message: `"${key}" in ${displayPath(pointer)} must be a string, not ${describeNode(value)}`,
        }
  if (node.kind !== 'list') return node
  const map = mapNode(node.origins)
  for (const item of node.items) {
    const text = textOf(item) ?? ''
    const at = text.indexOf('=')
    if (at === -1 && keepUnreadable) return node
    if (at === -1)
      return {
        code: 'compose/invalid-value',
        message: `"${text}" in ${displayPath(pointer)} has no "="`,
      }
    map.entries.set(text.slice(0, at), textNode(text.slice(at + 1), item.origins))
  }
  return map
}

const ssh: Transform = (node) => {
  if (node.kind !== 'list') return node
  const map = mapNode(node.origins)
  for (const item of node.items) {
    const text = textOf(item) ?? ''
    const at = text.indexOf('=')
    if (at === -1 && text !== 'default')
      return {
        code: 'compose/invalid-value',
        message: `the SSH key "${text}" has no path`,
        hint: `write ${text}=<path>, or "default" for the agent`,
      }
    map.entries.set(
      at === -1 ? text : text.slice(0, at),
      at === -1 ? nullNode(item.origins) : textNode(text.slice(at + 1), item.origins),
    )
  }
  return map
}

/** `external: { name: x }` is the old form of `external: true` with `name: x`. */
const external: Transform = (node, pointer, { report }) => {
  const old = node.kind === 'map' ? node.entries.get('external') : undefined
  if (node.kind !== 'map' || old?.kind !== 'map') return node
  node.entries.set('external', boolNode(true, originsOfEntry(old)))
  const name = old.entries.get('name')
  if (name === undefined) return node
  reportProblem(report, {
    code: 'compose/deprecated-external-name',
    severity: 'warning',
    message: `${displayPath(pointer)}.external.name is deprecated`,
    path: `${pointer}/external/name`,
    at: spanOfNode(name),
    hint: `write "name: ${textOf(name) ?? ''}" and "external: true"`,
  })
  const own = node.entries.get('name')
  if (own !== undefined && textOf(own) !== textOf(name))
    return {
      code: 'compose/conflicting-keys',
      message: `${displayPath(pointer)} has two names: "${textOf(own)}" and "${textOf(name)}"`,
      hint: 'keep "name" and "external: true"',
    }
  node.entries.set('name', name)
  return node
}

/** Empty name servers count as none. */
const dns: Transform = (node) => {
  const list = isText(node) ? listNode(node.origins, [node]) : node
  if (list.kind === 'list')
    list.items = list.items.filter((item) => !isNull(item) && textOf(item) !== '')
  return list
}

const transforms: Rules<Transform> = compileRules({
  'services.*.build': under('context'),
  'services.*.build.additional_contexts': keyValues,
  'services.*.build.provenance': printed,
  'services.*.build.sbom': printed,
  'services.*.build.secrets.*': under('source'),
  'services.*.build.ssh': ssh,
  'services.*.build.ulimits.*': ulimit,
  'services.*.configs.*': under('source'),
  'services.*.depends_on': dependsOn,
  'services.*.develop.watch.*.ignore': textToList,
  'services.*.develop.watch.*.include': textToList,
  'services.*.devices.*': device,
  'services.*.dns': dns,
  'services.*.env_file': envFile,
  'services.*.extends': under('service'),
  'services.*.gpus': gpus,
  'services.*.label_file': textToList,
  'services.*.models': namesToMap,
  'services.*.networks': namesToMap,
  'services.*.ports': ports,
  'services.*.secrets.*': under('source'),
  'services.*.ulimits.*': ulimit,
  'services.*.volumes.*': mount,
  'configs.*': external,
  'networks.*': external,
  'secrets.*': external,
  'volumes.*': external,
})
