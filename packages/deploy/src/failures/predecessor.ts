import { conditionOf, type KubeObject } from '@landfall/kube'
import type { Finding, PodContext, WorkloadRule } from './finding.ts'

/** A kubelet kills what is left when the grace period is over; after this time its node is the cause. */
const OVERDUE_MS = 30_000

/** A node that is back within this time ends the pod, and the wait. */
const LOST_MS = 60_000

/**
 * The pod of the same workload that a pod waits for: one that must not run twice is scheduled when the one before it has ended.
 * Undefined for a pod that waits for something else.
 */
export function predecessorOf(
  pod: KubeObject,
  ending: readonly KubeObject[],
): KubeObject | undefined {
  const scheduled = conditionOf(pod, 'PodScheduled')
  const isKeptApart =
    scheduled?.status === 'False' && /anti-affinity/i.test(String(scheduled.message))
  return isKeptApart
    ? ending.find(({ metadata }) => metadata.name !== pod.metadata.name)
    : undefined
}

/** What is wrong with a predecessor of `name`; undefined while it has time to end. */
export function predecessorFinding(
  { nodes, sightings, memory }: Pick<PodContext, 'nodes' | 'sightings' | 'memory'>,
  name: string,
  predecessor: KubeObject,
): Finding | undefined {
  const { metadata, spec } = predecessor
  // the API server writes when the grace period ends there, not when the deletion began
  const dueAt = Date.parse(String(metadata.deletionTimestamp))
  const overdueMs = memory.serverNow === undefined ? 0 : memory.serverNow - dueAt
  const { nodeName } = (spec ?? {}) as { nodeName?: string }
  const node = nodes.get(nodeName ?? '')
  const ready = node === undefined ? undefined : conditionOf(node, 'Ready')
  const isLost = ready !== undefined && ready.status !== 'True'
  const lateMs = Math.max(
    overdueMs - OVERDUE_MS,
    isLost ? sightings.since(`predecessor ${metadata.uid}`) : -1,
  )
  if (lateMs < 0) return undefined
  const where =
    nodeName === undefined ? '' : ` on node ${nodeName}${isLost ? ', which does not respond' : ''}`
  return {
    code: 'deploy/unschedulable',
    reason: 'predecessor has not ended',
    message: `${name} must not run before ${metadata.name} has ended${where}`,
    about: 'volumes',
    final: lateMs >= LOST_MS,
    hint:
      nodeName === undefined
        ? `look at it: kubectl describe pod ${metadata.name}`
        : `if the node is gone for good, delete it (kubectl delete node ${nodeName}): its pods are then known to have ended`,
  }
}

/** A Deployment that makes no pod of its new template before all old ones have ended, one of which does not end. */
export const predecessorRule: WorkloadRule = (context) => {
  const { workload, pods, ending } = context
  if (workload.spec?.strategy?.type !== 'Recreate' || pods.length > 0) return undefined
  const name = `a new pod of ${workload.metadata.name}`
  return ending.map((pod) => predecessorFinding(context, name, pod)).find(Boolean)
}
