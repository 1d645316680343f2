import { conditionOf, type KubeObject, objectStatus } from '@landfall/kube'
import { containersOf } from '../containers.ts'
import { eventTime } from '../view.ts'
import { reasonOf } from './crash.ts'
import type { WorkloadRule } from './finding.ts'

/** A ServiceAccount may be a moment late, and pods that are ending give their quota back. */
const PATIENCE_MS = 8_000

/** A deadline that was missed before this run is no news. */
const DEADLINE_PATIENCE_MS = 60_000

/** A Job that has failed, with the container that made it fail. */
export const jobRule: WorkloadRule = ({ workload, pods }) => {
  if (workload.kind !== 'Job') return undefined
  const status = objectStatus(workload)
  if (status.state !== 'failed') return undefined
  const hint = 'the program itself says why in its last lines; it runs again with the next deploy'
  const about = 'command'
  const broken = brokenContainer(pods.map(({ pod }) => pod))
  if (broken === undefined)
    return { reason: 'the Job failed', message: status.message, about, final: true, hint }
  const { container, reason, exitCode } = broken
  const runs = workload.status?.failed ?? 1
  const times = runs > 1 ? `; ${runs} runs failed` : ''
  const message = `${container} ended with exit code ${exitCode}${times}`
  return { reason, message, about, container, exitCode, final: true, hint }
}

/**
 * A rollout that came to no end within the workload's own deadline, though none of its pods waits for another workload:
 * waiting in a gate uses the deadline up as well.
 */
export const rolloutRule: WorkloadRule = ({ workload, pods, sightings }) => {
  if (workload.kind === 'Job') return undefined
  const status = objectStatus(workload)
  const held = pods.some(({ progress: { stage } }) => stage === 'gated')
  if (status.state !== 'failed' || held) return undefined
  return {
    reason: 'no progress',
    message: status.message,
    final: sightings.since(`deadline ${workload.metadata.uid}`) >= DEADLINE_PATIENCE_MS,
    hint: 'its pods run and do not become ready: look at the probe and at the last lines',
  }
}

/** Pods that the cluster refuses to make: a quota, a policy, a missing ServiceAccount. Some of them may be there. */
export const refusedPodsRule: WorkloadRule = (context) => {
  const { workload, sightings } = context
  const message = refusalOf(context)
  if (message === undefined) return undefined
  return {
    reason: 'FailedCreate',
    message,
    final: sightings.since(`refused ${workload.metadata.uid}`) >= PATIENCE_MS,
    hint: /exceeded quota/.test(message)
      ? 'the namespace has a quota (kubectl describe quota): request less, or raise it'
      : 'the cluster refuses the pods: correct what the message names',
  }
}

function refusalOf({
  workload,
  events,
  pods,
  replicaSet,
}: Parameters<WorkloadRule>[0]): string | undefined {
  const wanted = workload.spec?.replicas ?? workload.spec?.parallelism ?? 1
  if (pods.length >= wanted || objectStatus(workload).state === 'current') return undefined
  for (const object of [replicaSet, workload]) {
    const condition = object === undefined ? undefined : conditionOf(object, 'ReplicaFailure')
    if (condition?.status === 'True') return condition.message
  }
  if (replicaSet !== undefined) return undefined
  // StatefulSets, DaemonSets and Jobs report it by events alone; a pod that was made since means that it is over
  const refused = events.findLast(({ reason }) => reason === 'FailedCreate')
  const made = events.findLast(({ reason }) => reason === 'SuccessfulCreate')
  const over = made !== undefined && refused !== undefined && eventTime(made) > eventTime(refused)
  return over ? undefined : refused?.message
}

/** The container that made a pod of a Job fail, in the pod that failed last. */
function brokenContainer(
  pods: readonly KubeObject[],
): { container: string; reason: string; exitCode: number } | undefined {
  for (const pod of lastFailedFirst(pods))
    for (const { name, gate, terminated } of containersOf(pod))
      if (!gate && terminated !== undefined && terminated.exitCode !== 0)
        return {
          container: name,
          reason: reasonOf(terminated),
          exitCode: terminated.exitCode,
        }
  return undefined
}

/** Failed pods, the youngest first. */
export function lastFailedFirst(pods: readonly KubeObject[]): KubeObject[] {
  const made = ({ metadata }: KubeObject) => String(metadata.creationTimestamp ?? '')
  return pods
    .filter(({ status }) => status?.phase === 'Failed')
    .sort((a, b) => (made(a) < made(b) ? 1 : -1))
}
