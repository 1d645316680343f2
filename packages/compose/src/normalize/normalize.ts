import type { Origin } from '@landfall/diagnostic'
import type { Environment } from '../files/environment.ts'
import {
  boolNode,
  isNull,
  itemsAt,
  type MapNode,
  mapAt,
  mapNode,
  type Node,
  nullNode,
  textAt,
  textNode,
  textOf,
} from '../tree/node.ts'
import { cleanTargets } from './resolve-paths.ts'
import { resolveVariables } from './variables.ts'

const byDefault = (rule: string): readonly Origin[] => [{ kind: 'default', rule }]

/** Writes out what a project implies: the default network, values from the environment, dependencies, resource names. */
export function normalize(root: MapNode, name: string, environment: Environment): void {
  for (const service of servicesIn(root)) {
    if (textAt(service, 'pull_policy') === 'if_not_present')
      replaceText(service, 'pull_policy', 'missing')
    normalizeBuild(service, environment)
    resolveVariables(service, 'environment', environment, true)
    addImpliedDependencies(service)
    cleanTargets(service)
  }
  addDefaultNetwork(root)
  for (const section of ['networks', 'volumes', 'configs', 'secrets'])
    nameResources(mapAt(root, section), name)
}

/** `scale` is said again as `deploy.replicas`, where there is a `deploy`. The two do not differ. */
export function copyScale(root: MapNode): void {
  for (const service of servicesIn(root)) {
    const scale = service.entries.get('scale')
    if (scale !== undefined) mapAt(service, 'deploy')?.entries.set('replicas', { ...scale })
  }
}

function servicesIn(root: MapNode): MapNode[] {
  const services = mapAt(root, 'services')
  return [...(services?.entries.values() ?? [])].filter((service) => service.kind === 'map')
}

function replaceText(node: MapNode, key: string, text: string): void {
  const old = node.entries.get(key) as Node
  const value = textNode(text, old.origins)
  if (old.key !== undefined) value.key = old.key
  node.entries.set(key, value)
}

function normalizeBuild(service: MapNode, environment: Environment): void {
  const build = mapAt(service, 'build')
  if (build === undefined) return
  if (!build.entries.has('context'))
    build.entries.set('context', textNode('.', byDefault('build-context')))
  if (!build.entries.has('dockerfile') && !build.entries.has('dockerfile_inline'))
    build.entries.set('dockerfile', textNode('Dockerfile', byDefault('dockerfile')))
  resolveVariables(build, 'args', environment, false)
}

/** Links, shared namespaces and volumes_from are dependencies too. */
function addImpliedDependencies(service: MapNode): void {
  const implied: { name: string; restart: boolean; from: Node; rule: string }[] = []
  for (const link of itemsAt(service, 'links')) {
    const parts = (textOf(link) ?? '').split(':')
    const name = parts.length === 2 ? (parts[0] as string) : (textOf(link) ?? '')
    implied.push({ name, restart: true, from: link, rule: 'links' })
  }
  for (const namespace of ['network_mode', 'ipc', 'pid', 'uts', 'cgroup']) {
    const node = service.entries.get(namespace)
    const text = textOf(node) ?? ''
    if (node !== undefined && text.startsWith('service:'))
      implied.push({ name: text.slice(8), restart: true, from: node, rule: namespace })
  }
  for (const from of itemsAt(service, 'volumes_from')) {
    const text = textOf(from) ?? ''
    if (!text.startsWith('container:'))
      implied.push({
        name: text.split(':')[0] as string,
        restart: false,
        from,
        rule: 'volumes_from',
      })
  }
  if (implied.length === 0) return
  let dependencies = mapAt(service, 'depends_on')
  if (dependencies === undefined) {
    dependencies = mapNode([])
    service.entries.set('depends_on', dependencies)
  }
  for (const { name, restart, from, rule } of implied) {
    if (dependencies.entries.has(name)) continue
    const origins = [...from.origins, ...byDefault(`${rule}-is-a-dependency`)]
    const entries: [string, Node][] = [
      ['condition', textNode('service_started', origins)],
      ['restart', boolNode(restart, origins)],
      ['required', boolNode(true, origins)],
    ]
    dependencies.entries.set(name, mapNode(origins, entries))
  }
}

function addDefaultNetwork(root: MapNode): void {
  let used = false
  for (const service of servicesIn(root)) {
    if (service.entries.has('provider') || service.entries.has('network_mode')) continue
    const networks = mapAt(service, 'networks')
    if (networks === undefined || networks.entries.size === 0) {
      if (networks?.incomplete) continue
      const rule = byDefault('default-network')
      service.entries.set('networks', mapNode(rule, [['default', nullNode(rule)]]))
      used = true
    } else if (networks.entries.has('default')) used = true
  }
  if (!used) return
  let networks = mapAt(root, 'networks')
  if (networks === undefined) {
    networks = mapNode(byDefault('default-network'))
    root.entries.set('networks', networks)
  }
  if (!networks.entries.has('default'))
    networks.entries.set('default', nullNode(byDefault('default-network')))
}

function nameResources(section: MapNode | undefined, project: string): void {
  for (const [key, resource] of section?.entries ?? []) {
    const named = resource.kind === 'map' ? resource : mapNode(resource.origins)
    if (named !== resource) {
      if (resource.key !== undefined) named.key = resource.key
      section?.entries.set(key, named)
    }
    if (named.entries.has('name') && !isNull(named.entries.get('name'))) continue
    const external = named.entries.get('external')
    const isExternal =
      external?.kind === 'scalar' && /^(1|t|T|TRUE|true|True)$/.test(String(external.value))
    named.entries.set(
      'name',
      textNode(isExternal ? key : `${project}_${key}`, byDefault('resource-name')),
    )
  }
}
