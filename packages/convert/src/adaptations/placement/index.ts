import type { Adaptation } from '../../adaptation.ts'
import type { ServiceConversion } from '../../conversion.ts'
import { selectorOf } from '../../objects/bundle-draft.ts'
import { constraintsOf, type Spread, spreadsOf, type Term } from './constraints.ts'
import { nodeOf } from './platform.ts'
import { reason } from './reasons.ts'

/** Runtimes that are what a node has anyway. */
const USUAL_RUNTIMES = new Set(['runc', 'io.containerd.runc.v2'])

function noteRuntime({ compose, settings, service, note }: ServiceConversion): void {
  if (typeof compose.runtime !== 'string') return
  if (settings.runtimeClass !== undefined)
    note(['runtime'], reason('runtime-class', { class: settings.runtimeClass }))
  else if (USUAL_RUNTIMES.has(compose.runtime))
    note(['runtime'], reason('default-runtime'))
  else note(['runtime'], reason('unknown-runtime', { runtime: compose.runtime, service }))
}

function notePlatform({ compose, note }: ServiceConversion): void {
  if (typeof compose.platform !== 'string') return
  const node = nodeOf(compose.platform)
  if (node === undefined)
    note(['platform'], reason('unknown-platform', { platform: compose.platform }))
  else
    note(['platform'], reason('platform', { platform: Object.values(node).reverse().join('/') }))
}

function notePlacement(service: ServiceConversion): void {
  for (const { keys, expression } of constraintsOf(service))
    service.note(keys, reason(expression === undefined ? 'unknown-constraint' : 'preferred'))
  for (const { keys, topologyKey } of spreadsOf(service))
    service.note(keys, reason(topologyKey === undefined ? 'unknown-label' : 'spread'))
}

/** Nodes that are preferred: Docker Compose does not look at constraints, so none may keep a pod from running. */
function preferred(terms: readonly Term[]): Record<string, unknown> | undefined {
  const expressions = terms.flatMap(({ expression }) => expression ?? [])
  if (expressions.length === 0) return undefined
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
function spreadRules(spreads: readonly Spread[], matchLabels: Record<string, string>) {
  const byKey = new Map<string, number>()
  for (const { topologyKey, maxSkew } of spreads)
    if (topologyKey !== undefined)
      byKey.set(topologyKey, Math.min(byKey.get(topologyKey) ?? maxSkew, maxSkew))
  return [...byKey].map(([topologyKey, maxSkew]) => ({
    maxSkew,
    topologyKey,
    whenUnsatisfiable: 'ScheduleAnyway',
    labelSelector: { matchLabels },
  }))
}

export default {
  id: 'placement',
  reasons: reason,
  title: 'Choose the nodes on which a service runs',
  plan({ services }) {
    for (const service of services) {
      noteRuntime(service)
      notePlatform(service)
      notePlacement(service)
    }
  },
  build({ workloads }, { project }) {
    for (const { from, pod } of workloads) {
      const { compose, settings } = from
      const node = typeof compose.platform === 'string' ? nodeOf(compose.platform) : undefined
      const affinity = preferred(constraintsOf(from))
      const spread = spreadRules(spreadsOf(from), selectorOf(project.name, from.plan.name))
      if (node !== undefined) pod.spec.nodeSelector = { ...pod.spec.nodeSelector, ...node }
      if (affinity !== undefined) pod.spec.affinity = { ...pod.spec.affinity, ...affinity }
      if (spread.length > 0) pod.spec.topologySpreadConstraints = spread
      if (settings.runtimeClass !== undefined) pod.spec.runtimeClassName = settings.runtimeClass
    }
  },
} satisfies Adaptation
