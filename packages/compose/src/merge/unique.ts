import { parseMount } from '../canonical/mount.ts'
import { type ListNode, type Node, textAt, textOf } from '../tree/node.ts'
import { compileRules, type Rules, rulesAt } from '../tree/rules.ts'

/** What makes two items of a list the same; undefined: equal to none. */
type Identity = (item: Node) => string | undefined

/** Makes lists unique that are known by a part of their items: the last one wins, at the place of the first. */
export function enforceUnique(root: Node): void {
  visit(root, uniqueLists)
}

function visit(node: Node, rules: Rules<Identity> | undefined): void {
  if (node.kind === 'map') {
    for (const [key, child] of node.entries) {
      const inside = rulesAt(rules, key)
      if (inside !== undefined) visit(child, inside)
    }
  } else if (node.kind === 'list' && rules?.rule !== undefined) dropEarlier(node, rules.rule)
}

function dropEarlier(list: ListNode, identity: Identity): void {
  const indexes = new Map<string, number>()
  const items: Node[] = []
  for (const item of list.items) {
    const id = identity(item)
    const index = id === undefined ? undefined : indexes.get(id)
    if (index !== undefined) items[index] = item
    else {
      if (id !== undefined) indexes.set(id, items.length)
      items.push(item)
    }
  }
  list.items = items
}

const byKey: Identity = (item) => textOf(item)?.split('=', 1)[0]

const byText: Identity = (item) => (item.kind === 'scalar' ? String(item.value) : undefined)

const byMountTarget: Identity = (item) => {
  const text = textOf(item)
  if (text === undefined) return textAt(item, 'target')
  const mount = parseMount(text)
  return 'error' in mount ? undefined : mount.target
}

const byDeviceTarget: Identity = (item) => {
  const text = textOf(item)
  if (text === undefined) return textAt(item, 'target')
  const [source, target] = text.split(':')
  return target ?? source
}

const byFileTarget =
  (directory: string): Identity =>
  (item) => {
    const text = textOf(item)
    if (text !== undefined) return `${directory}/${text}`
    return textAt(item, 'target') ?? `${directory}/${textAt(item, 'source') ?? ''}`
  }

const byPath: Identity = (item) => textOf(item) ?? textAt(item, 'path')

/** Docker Compose compares `published: 80` and `published: "80"` as different. */
const byPort: Identity = (item) => {
  if (item.kind !== 'map') return item.kind === 'scalar' ? String(item.value) : undefined
  const part = (key: string, otherwise: string) => {
    const value = item.entries.get(key)
    if (value?.kind !== 'scalar') return otherwise
    return key === 'published' && value.type !== 'string'
      ? `(${value.type})${value.value}`
      : value.value
  }
  return `${part('host_ip', '0.0.0.0')}:${part('published', '(none)')}:${part('target', '')}/${part('protocol', 'tcp')}`
}

export const uniqueLists: Rules<Identity> = compileRules({
  'networks.*.labels': byKey,
  'services.*.annotations': byKey,
  'services.*.build.args': byKey,
  'services.*.build.additional_contexts': byKey,
  'services.*.build.labels': byKey,
  'services.*.build.tags': byKey,
  'services.*.cap_add': byKey,
  'services.*.cap_drop': byKey,
  'services.*.configs': byFileTarget(''),
  'services.*.deploy.labels': byKey,
  'services.*.devices': byDeviceTarget,
  'services.*.dns': byKey,
  'services.*.dns_opt': byKey,
  'services.*.dns_search': byKey,
  'services.*.env_file': byPath,
  'services.*.environment': byKey,
  'services.*.expose': byText,
  'services.*.labels': byKey,
  'services.*.links': byKey,
  'services.*.networks.*.aliases': byKey,
  'services.*.networks.*.link_local_ips': byKey,
  'services.*.ports': byPort,
  'services.*.profiles': byKey,
  'services.*.secrets': byFileTarget('/run/secrets'),
  'services.*.sysctls': byKey,
  'services.*.tmpfs': byKey,
  'services.*.volumes': byMountTarget,
})
