import { conditionOf, type KubeObject, objectStatus } from '@landfall/kube'
import { containersOf } from '../containers.ts'
import { reasonOf } from './crash.ts'
import type { WorkloadRule } from './finding.ts'

/** A ServiceAccount or a quota may be a moment late. */
const PATIENCE_MS = 10_000

/** A Job that has failed, with the container that made it fail. */
export const jobRule: WorkloadRule = ({ workload, pods }) => {
  if (workload.kind !== 'Job') return undefined
  const status = objectStatus(workload)
  if (status.state !== 'failed') return undefined
  const hint = 'the program itself says why in its last lines; it runs again with the next deploy'
  const broken = brokenContainer(pods)
  if (broken === undefined)
    return { reason: 'the Job failed', message: status.message, final: true, hint }
  const { container, reason, exitCode } = broken
  const runs = workload.status?.failed ?? 1
  const times = runs > 1 ? `; ${runs} runs failed` : ''
  const message = `${container} ended with exit code ${exitCode}${times}`
  return { reason, message, container, exitCode, final: true, hint }
}

/** A rollout that came to no end within the workload's own deadline. */
export const rolloutRule: WorkloadRule = ({ workload }) => {
  if (workload.kind === 'Job') return undefined
  const status = objectStatus(workload)
  if (status.state !== 'failed') return undefined
  return {
    reason: 'no progress',
    message: status.message,
    final: true,
    hint: 'its pods run and do not become ready: look at the probe and at the last lines',
  }
}

/** Pods that the cluster refuses to make: a quota, a policy, a missing ServiceAccount. */
export const refusedPodsRule: WorkloadRule = ({ workload, events, pods, sightings }) => {
  if (pods.length > 0) return undefined
  const condition = conditionOf(workload, 'ReplicaFailure')
  const message =
    condition?.status === 'True'
      ? condition.message
      : events.findLast(({ reason }) => reason === 'FailedCreate')?.message
  if (message === undefined || objectStatus(workload).state === 'current') return undefined
  const forMs = sightings.since(`refused ${workload.metadata.uid}`)
  return {
    reason: 'FailedCreate',
    message,
    final: forMs >= PATIENCE_MS,
    hint: 'the cluster refuses the pods: correct what the message names',
  }
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
