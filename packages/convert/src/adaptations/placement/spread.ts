import { selectorOf, type WorkloadDraft } from '../../objects/bundle-draft.ts'
import { NODE_NAME_LABEL } from '../../plan/needs.ts'
import type { Plan } from '../../plan/plan.ts'

/**
 * Spreads the pods of a workload, over nodes by a constraint and over other labels by a preference. The scheduler leaves a node out of all soft
 * constraints of a pod if it lacks the label of one of them, so that a constraint on zones would end the spread over nodes in a cluster without zones.
 * https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/#conventions
 */
export function spreadPods({ plan, pod }: WorkloadDraft, project: Plan): void {
  const { spread } = plan.needs.placement
  const labelSelector = { matchLabels: selectorOf(project, plan) }
  const overNodes = spread.filter(({ topologyKey }) => topologyKey === NODE_NAME_LABEL)
  const overLabels = spread.filter(({ topologyKey }) => topologyKey !== NODE_NAME_LABEL)
  if (overNodes.length > 0)
    pod.spec.topologySpreadConstraints = overNodes.map(
      ({ maxSkew, topologyKey, hard, perRevision }) => ({
        maxSkew,
        topologyKey,
        whenUnsatisfiable: hard === true ? 'DoNotSchedule' : 'ScheduleAnyway',
        labelSelector,
        ...(perRevision === true && plan.kind !== 'StatefulSet'
          ? { matchLabelKeys: ['pod-template-hash'] }
          : {}),
      }),
    )
  if (overLabels.length === 0) return
  const { affinity = {} } = pod.spec
  const preferred = overLabels.map(({ topologyKey }) => ({
    weight: 100,
    podAffinityTerm: { labelSelector, topologyKey },
  }))
  pod.spec.affinity = {
    ...affinity,
    podAntiAffinity: {
      ...(affinity.podAntiAffinity as object | undefined),
      preferredDuringSchedulingIgnoredDuringExecution: preferred,
    },
  }
}
