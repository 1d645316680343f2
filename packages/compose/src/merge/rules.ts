import type { Origin } from '@landfall/diagnostic'
import { goPrint } from '../tree/go-print.ts'
import {
  boolNode,
  isNull,
  type ListNode,
  listNode,
  type MapNode,
  mapNode,
  type Node,
  nullNode,
  sameValue,
  textAt,
  textNode,
} from '../tree/node.ts'
import { compileRules, type Rules } from '../tree/rules.ts'

/** How two values of one attribute become one; `mergeMappings` goes on with the general rules inside. */
export type MergeRule = (
  base: Node,
  over: Node,
  mergeMappings: (base: MapNode, over: MapNode) => MapNode,
) => Node

const replace: MergeRule = (_base, over) => over

/** Both sides as lists of `key=value`; keys are made unique afterwards. */
const toSequence: MergeRule = (base, over) =>
  listNode([...base.origins, ...over.origins], [...asList(base), ...asList(over)])

const extraHosts: MergeRule = (base, over) => {
  const first = asList(base)
  const added = asList(over).filter((item) => !first.some((other) => sameValue(item, other)))
  return listNode([...base.origins, ...over.origins], [...first, ...added])
}

const build: MergeRule = (base, over, mergeMappings) =>
  mergeMappings(withContext(base), withContext(over))

const dependsOn: MergeRule = (base, over, mergeMappings) =>
  mergeMappings(asMapping(base, startedDependency), asMapping(over, startedDependency))

const namesToMapping: MergeRule = (base, over, mergeMappings) =>
  mergeMappings(asMapping(base, nothing), asMapping(over, nothing))

/** Options of one driver mean nothing to another. */
const logging: MergeRule = (base, over, mergeMappings) => {
  if (base.kind !== 'map' || over.kind !== 'map') return isNull(over) ? base : over
  const drivers = [textAt(base, 'driver'), textAt(over, 'driver')]
  const [ours, theirs] = drivers
  return ours === theirs || ours === undefined || theirs === undefined
    ? mergeMappings(base, over)
    : over
}

/** Pools are matched by subnet; a pool of the base that the override does not name is dropped, as Docker Compose does. */
const ipamConfig: MergeRule = (base, over, mergeMappings) => {
  if (base.kind !== 'list' || over.kind !== 'list') return over
  const pools: MapNode[] = []
  const indexOf = (pool: MapNode) =>
    pools.findIndex((other) => textAt(other, 'subnet') === textAt(pool, 'subnet'))
  for (const original of base.items) {
    if (original.kind !== 'map') continue
    for (const override of over.items) {
      if (override.kind !== 'map') continue
      if (textAt(override, 'subnet') !== textAt(original, 'subnet') && indexOf(override) === -1) {
        pools.push(override)
        continue
      }
      const merged = mergeMappings(original, override)
      const index = indexOf(merged)
      if (index === -1) pools.push(merged)
      else pools[index] = merged
    }
  }
  return listNode([...base.origins, ...over.origins], pools)
}

/** A mapping becomes sorted `key=value` texts, `null` the key alone; a text a list of one. */
function asList(node: Node): Node[] {
  if (node.kind === 'list') return node.items
  if (node.kind === 'scalar') return node.type === 'string' ? [node] : []
  const items: ListNode['items'] = []
  for (const [key, value] of node.entries) {
    for (const one of value.kind === 'list' ? value.items : [value]) {
      const text = isNull(one) ? key : `${key}=${one.kind === 'scalar' ? goPrint(one) : one.kind}`
      const item = textNode(text, one.origins)
      if (value.key !== undefined) item.key = value.key
      items.push(item)
    }
  }
  return items.sort((a, b) =>
    compareTexts(a.kind === 'scalar' ? a.value : '', b.kind === 'scalar' ? b.value : ''),
  )
}

function compareTexts(a: unknown, b: unknown): number {
  const [left, right] = [String(a), String(b)]
  return left < right ? -1 : left > right ? 1 : 0
}

function asMapping(node: Node, value: (item: Node) => Node): MapNode {
  if (node.kind === 'map') return node
  const mapping = mapNode(node.origins)
  if (node.kind === 'list')
    for (const item of node.items)
      if (item.kind === 'scalar') mapping.entries.set(String(item.value), value(item))
  return mapping
}

function startedDependency(item: Node): MapNode {
  const origins: readonly Origin[] = [...item.origins, { kind: 'default', rule: 'dependency' }]
  return mapNode(item.origins, [
    ['condition', textNode('service_started', origins)],
    ['required', boolNode(true, origins)],
  ])
}

const nothing = (item: Node) => nullNode(item.origins)

function withContext(node: Node): MapNode {
  if (node.kind === 'map') return node
  return mapNode(node.origins, node.kind === 'scalar' && !isNull(node) ? [['context', node]] : [])
}

/** The attributes that do not merge by the general rules. */
export const mergeRules: Rules<MergeRule> = compileRules({
  'networks.*.ipam.config': ipamConfig,
  'networks.*.labels': toSequence,
  'volumes.*.labels': toSequence,
  'services.*.annotations': toSequence,
  'services.*.build': build,
  'services.*.build.args': toSequence,
  'services.*.build.additional_contexts': toSequence,
  'services.*.build.extra_hosts': extraHosts,
  'services.*.build.labels': toSequence,
  'services.*.command': replace,
  'services.*.depends_on': dependsOn,
  'services.*.deploy.labels': toSequence,
  'services.*.dns': toSequence,
  'services.*.dns_opt': toSequence,
  'services.*.dns_search': toSequence,
  'services.*.entrypoint': replace,
  'services.*.env_file': toSequence,
  'services.*.label_file': toSequence,
  'services.*.environment': toSequence,
  'services.*.extra_hosts': extraHosts,
  'services.*.healthcheck.test': replace,
  'services.*.labels': toSequence,
  'services.*.logging': logging,
  'services.*.models': namesToMapping,
  'services.*.networks': namesToMapping,
  'services.*.sysctls': toSequence,
  'services.*.tmpfs': toSequence,
  'services.*.ulimits.*': replace,
})
