import { selectorOf, type WorkloadDraft } from '../../objects/bundle-draft.ts'
import type { Plan } from '../../plan/plan.ts'

const GROUP = 'landfall.dev/volume-group'

/** A label that all nodes of a system have in common: a rule about it holds for the whole cluster. */
const EVERY_NODE = 'kubernetes.io/os'

/** Where the pod runs with respect to others that use the same data: on the node of its group, and never next to an own one. */
export function placeByData(workload: WorkloadDraft, project: Plan): void {
  const affinity = { ...withGroup(workload, project), ...withoutSecond(workload, project) }
  if (Object.keys(affinity).length > 0) workload.pod.spec.affinity = affinity
}

/** Binds the pod to the node of its group; the first pod of a group matches its own term and goes anywhere. */
function withGroup({ pod, plan }: WorkloadDraft, project: Plan): Record<string, unknown> {
  if (plan.oneNode === undefined) return {}
  const { group } = plan.oneNode
  const instance = 'app.kubernetes.io/instance'
  const selector = selectorOf(project, plan)
  if (group !== undefined) pod.metadata.labels[GROUP] = group
  const matchLabels =
    group === undefined ? selector : { [GROUP]: group, [instance]: selector[instance] as string }
  return { podAffinity: requiredAt('kubernetes.io/hostname', matchLabels) }
}

/**
 * A pod that was deleted or evicted is replaced while it still ends, whatever the strategy of its Deployment. The
 * scheduler counts it until it is gone, so that its successor waits (decision 0025).
 */
function withoutSecond({ plan }: WorkloadDraft, project: Plan): Record<string, unknown> {
  return plan.rollout?.alone === true
    ? { podAntiAffinity: requiredAt(EVERY_NODE, selectorOf(project, plan)) }
    : {}
}

function requiredAt(topologyKey: string, matchLabels: Record<string, string>) {
  return {
    requiredDuringSchedulingIgnoredDuringExecution: [
      { labelSelector: { matchLabels }, topologyKey },
    ],
  }
}
