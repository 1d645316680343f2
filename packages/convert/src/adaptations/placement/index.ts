import type { Adaptation } from '../../adaptation.ts'
import type { ServiceConversion } from '../../conversion.ts'
import { selectorOf } from '../../objects/bundle-draft.ts'
import type { NodeExpression, Placement } from '../../plan/plan.ts'
import { constraintsOf, type Spread, spreadsOf } from './constraints.ts'
import { nodeOf } from './platform.ts'

const id = 'placement'

/** Runtimes that are what a node has anyway. */
const USUAL_RUNTIMES = new Set(['runc', 'io.containerd.runc.v2'])

function noteRuntime({ compose, settings, service, note }: ServiceConversion): void {
  if (typeof compose.runtime !== 'string') return
  if (settings.runtimeClass !== undefined)
    note(id, ['runtime'], 'adapted', `the RuntimeClass ${settings.runtimeClass}`)
  else if (USUAL_RUNTIMES.has(compose.runtime))
    note(id, ['runtime'], 'kept', 'the runtime that nodes have')
  else
    note(id, ['runtime'], 'dropped', `nothing tells which RuntimeClass is ${compose.runtime}`, {
      dangerous: true,
      hint: `name it: services.${service}.runtimeClass in landfall.yaml`,
    })
}

function notePlatform({ compose, note }: ServiceConversion): void {
  if (typeof compose.platform !== 'string') return
  const node = nodeOf(compose.platform)
  if (node === undefined)
    note(id, ['platform'], 'dropped', `no kind of node is known as ${compose.platform}`)
  else
    note(
      id,
      ['platform'],
      'kept',
      `runs on nodes that are ${Object.values(node).reverse().join('/')}; there is no emulation`,
    )
}

function notePlacement(service: ServiceConversion): void {
  for (const { keys, problem, told } of [...constraintsOf(service), ...spreadsOf(service)])
    if (problem !== undefined) service.note(id, keys, 'dropped', problem)
    else service.note(id, keys, 'adapted', told)
}

/** Nodes that are preferred: Docker Compose ignores constraints, so none may keep a pod from running. */
function nodeAffinity(expressions: readonly NodeExpression[]): Record<string, unknown> {
  return {
    nodeAffinity: {
      preferredDuringSchedulingIgnoredDuringExecution: expressions.map((expression) => ({
        weight: 100,
        preference: { matchExpressions: [expression] },
      })),
    },
  }
}

/** One rule for each kind of place: the API takes no second one. */
function spreadOf(spreads: readonly Spread[]): Placement['spread'] {
  const byKey = new Map<string, number>()
  for (const { topologyKey, maxSkew } of spreads)
    if (topologyKey !== undefined)
      byKey.set(topologyKey, Math.min(byKey.get(topologyKey) ?? maxSkew, maxSkew))
  return [...byKey].map(([topologyKey, maxSkew]) => ({ topologyKey, maxSkew }))
}

function placementOf(service: ServiceConversion): Placement {
  const { compose, settings } = service
  const node = typeof compose.platform === 'string' ? nodeOf(compose.platform) : undefined
  return {
    nodeLabels: node ?? {},
    preferred: constraintsOf(service).flatMap(({ expression }) => expression ?? []),
    spread: spreadOf(spreadsOf(service)),
    ...(settings.runtimeClass === undefined ? {} : { runtimeClass: settings.runtimeClass }),
  }
}

export default {
  id,
  title: 'Choose the nodes on which a service runs',
  plan({ services }) {
    for (const service of services) {
      noteRuntime(service)
      notePlatform(service)
      notePlacement(service)
      service.plan.needs.placement = placementOf(service)
    }
  },
  build({ workloads, plan: project }) {
    for (const { plan, pod } of workloads) {
      const { nodeLabels, preferred, spread, runtimeClass } = plan.needs.placement
      if (Object.keys(nodeLabels).length > 0) pod.spec.nodeSelector = nodeLabels
      if (preferred.length > 0)
        pod.spec.affinity = { ...pod.spec.affinity, ...nodeAffinity(preferred) }
      if (spread.length > 0)
        pod.spec.topologySpreadConstraints = spread.map(({ topologyKey, maxSkew }) => ({
          maxSkew,
          topologyKey,
          whenUnsatisfiable: 'ScheduleAnyway',
          labelSelector: { matchLabels: selectorOf(project, plan) },
        }))
      if (runtimeClass !== undefined) pod.spec.runtimeClassName = runtimeClass
    }
  },
} satisfies Adaptation
