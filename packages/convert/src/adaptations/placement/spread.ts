import { selectorOf, type WorkloadDraft } from '../../objects/bundle-draft.ts'
import { NODE_NAME_LABEL } from '../../plan/needs.ts'
import type { Plan, PodPlan, SpreadRule } from '../../plan/plan.ts'

/** The fields of a pod by which rules spread it. */
export interface SpreadFields {
  topologySpreadConstraints: Record<string, unknown>[]
  podAntiAffinity?: Record<string, unknown>
}

/**
 * Rules as fields of a pod, over nodes by a constraint and over other labels by a preference. The scheduler leaves a node out of all soft
 * constraints of a pod if it lacks the label of one of them, so that a constraint on zones would end the spread over nodes in a cluster without zones.
 * https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/#conventions
 */
export function spreadFields(
  rules: readonly SpreadRule[],
  plan: PodPlan,
  project: Plan,
): SpreadFields {
  const labelSelector = { matchLabels: selectorOf(project, plan) }
  const overNodes = rules.filter(({ topologyKey }) => topologyKey === NODE_NAME_LABEL)
  const overLabels = rules.filter(({ topologyKey }) => topologyKey !== NODE_NAME_LABEL)
  const preferred = overLabels.map(({ topologyKey }) => ({
    weight: 100,
    podAffinityTerm: { labelSelector, topologyKey },
  }))
  return {
    topologySpreadConstraints: overNodes.map(({ maxSkew, topologyKey, hard, perRevision }) => ({
      maxSkew,
      topologyKey,
      whenUnsatisfiable: hard === true ? 'DoNotSchedule' : 'ScheduleAnyway',
      labelSelector,
      ...(perRevision === true && plan.kind !== 'StatefulSet'
        ? { matchLabelKeys: ['pod-template-hash'] }
        : {}),
    })),
    ...(preferred.length > 0 && {
      podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: preferred },
    }),
  }
}

/** Spreads the pods of a workload by the rules of its plan. */
export function spreadPods({ plan, pod }: WorkloadDraft, project: Plan): void {
  const { spread } = plan.needs.placement
  const { topologySpreadConstraints, podAntiAffinity } = spreadFields(spread, plan, project)
  if (topologySpreadConstraints.length > 0)
    pod.spec.topologySpreadConstraints = topologySpreadConstraints
  if (podAntiAffinity === undefined) return
  const { affinity = {} } = pod.spec
  const known = affinity.podAntiAffinity as object | undefined
  pod.spec.affinity = { ...affinity, podAntiAffinity: { ...known, ...podAntiAffinity } }
}
