import type { Adaptation } from '../../adaptation.ts'
import type { ServiceConversion } from '../../conversion.ts'
import { type DraftParameters, declare } from '../../objects/parameters.ts'
import type { PodTemplate } from '../../objects/pod.ts'
import type { NodeExpression, Placement, PodPlan } from '../../plan/plan.ts'
import { constraintsOf, type Spread, spreadsOf } from './constraints.ts'
import { nodeOf } from './platform.ts'
import { reason } from './reasons.ts'
import { spreadPods } from './spread.ts'

/** Runtimes that are what a node has anyway. */
const USUAL_RUNTIMES = new Set(['runc', 'io.containerd.runc.v2'])

function noteRuntime({ compose, settings, service, note }: ServiceConversion): void {
  if (typeof compose.runtime !== 'string') return
  if (settings.runtimeClass !== undefined)
    note(['runtime'], reason('runtime-class', { class: settings.runtimeClass }))
  else if (USUAL_RUNTIMES.has(compose.runtime)) note(['runtime'], reason('default-runtime'))
  else note(['runtime'], reason('unknown-runtime', { runtime: compose.runtime, service }))
}

function notePlatform({ compose, note }: ServiceConversion): void {
  if (typeof compose.platform !== 'string') return
  const node = nodeOf(compose.platform)
  if (node === undefined)
    note(['platform'], reason('unknown-platform', { platform: compose.platform }))
  else note(['platform'], reason('platform', { platform: Object.values(node).reverse().join('/') }))
}

function notePlacement(service: ServiceConversion): void {
  for (const { keys, expression } of constraintsOf(service))
    service.note(keys, reason(expression === undefined ? 'unknown-constraint' : 'preferred'))
  for (const { keys, topologyKey } of spreadsOf(service))
    service.note(keys, reason(topologyKey === undefined ? 'unknown-label' : 'spread'))
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

/** https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#scheduling */
const AFFINITIES = ['nodeAffinity', 'podAffinity', 'podAntiAffinity']

/** https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-subdomain-names */
const NAME_OR_EMPTY = '^([a-z0-9]([-a-z0-9.]*[a-z0-9])?)?$'

function declarePlacement(
  parameters: DraftParameters,
  { service, needs }: PodPlan,
  { spec }: PodTemplate,
): void {
  declare(parameters, {
    path: ['services', service, 'nodeSelector'],
    default: needs.placement.nodeLabels,
    schema: { type: 'object', additionalProperties: { type: 'string' } },
    description: 'labels of the nodes on which the pods may run',
    at: [{ in: spec, key: 'nodeSelector', as: 'optional' }],
  })
  declare(parameters, {
    path: ['services', service, 'tolerations'],
    default: [],
    schema: { type: 'array', items: { type: 'object' } },
    description: 'taints of nodes that the pods tolerate',
    at: [{ in: spec, key: 'tolerations', as: 'optional' }],
  })
  const own = Object.keys(spec.affinity ?? {})
  const open = AFFINITIES.filter((kind) => !own.includes(kind))
  declare(parameters, {
    path: ['services', service, 'affinity'],
    default: {},
    schema: {
      type: 'object',
      additionalProperties: false,
      properties: Object.fromEntries(open.map((kind) => [kind, { type: 'object' }])),
    },
    description: `rules of the scheduler: ${open.join(', ')}`,
    at: [{ in: spec, key: 'affinity', as: 'entries' }],
  })
  declare(parameters, {
    path: ['services', service, 'priorityClassName'],
    default: '',
    schema: { type: 'string', pattern: NAME_OR_EMPTY, maxLength: 253 },
    description: 'the PriorityClass of the pods; that of the cluster if empty',
    at: [{ in: spec, key: 'priorityClassName', as: 'optional' }],
  })
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
      service.plan.needs.placement = placementOf(service)
    }
  },
  build({ workloads, plan: project, parameters }) {
    for (const workload of workloads) {
      const { plan, pod } = workload
      const { nodeLabels, preferred, runtimeClass } = plan.needs.placement
      if (Object.keys(nodeLabels).length > 0) pod.spec.nodeSelector = nodeLabels
      if (preferred.length > 0)
        pod.spec.affinity = { ...pod.spec.affinity, ...nodeAffinity(preferred) }
      spreadPods(workload, project)
      if (runtimeClass !== undefined) pod.spec.runtimeClassName = runtimeClass
      declarePlacement(parameters, plan, pod)
    }
  },
} satisfies Adaptation
