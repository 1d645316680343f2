import { conditionOf, type KubeObject, objectStatus } from '@landfall/kube'
import { containersOf } from '../view/containers.ts'
import { eventTime } from '../view/view.ts'
import { reasonOf, wasEnded } from './crash.ts'
import type { WorkloadRule } from './finding.ts'
import { isQuotaRefusal, QUOTA_HINT } from './quota.ts'

/** A ServiceAccount may be a moment late, and pods that are ending give their quota back. */
const PATIENCE_MS = 8_000

/** A deadline that was missed before this run does not count. */
const DEADLINE_PATIENCE_MS = 60_000

/** So many failed runs are enough when nothing is on its way that the program could be waiting for. */
const FAILED_WHEN_SETTLED = 2

/** A Service leads to a pod within this time after the pod has become ready. */
const SERVED_MS = 2_000

/** A Job that has failed, or fails run after run while its restart policy has more of them, with the container that fails. */
export const jobRule: WorkloadRule = (context) => {
  const { workload } = context
  if (workload.kind !== 'Job') return undefined
  const status = objectStatus(workload)
  const runs = failedRuns(context)
  const [last] = runs
  const hint = 'the last lines of its log show why; it runs again with the next deploy'
  const about = 'command'
  const code = 'deploy/job-failed'
  const failed = status.state === 'failed'
  if (last === undefined)
    return failed
      ? { code, reason: 'the Job failed', message: status.message, about, final: true, hint }
      : undefined
  const { container, reason, exitCode } = last
  const times = workload.status?.failed ?? 1
  const more = times > 1 ? `; ${times} runs failed` : ''
  const again = failed ? '' : '; the Job tries again'
  const message = `${container} ended with exit code ${exitCode}${more}${again}`
  const final = failed || runs.filter(isUnprovoked(context)).length >= FAILED_WHEN_SETTLED
  return { code, reason, message, about, container, exitCode, final, hint }
}

/** Whether a run began in this deploy, and when everything else was there; one that was ended from outside says nothing. */
function isUnprovoked({ settledAt, memory }: Parameters<WorkloadRule>[0]) {
  const { serverNow, sinceBegin } = memory
  const begin = serverNow === undefined ? 0 : serverNow - sinceBegin
  return ({ beganAt, exitCode, reason }: FailedRun) =>
    settledAt !== undefined &&
    beganAt >= Math.max(settledAt + SERVED_MS, begin) &&
    !wasEnded({ exitCode, reason })
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
    code: 'deploy/rollout-stalled',
    reason: 'no progress',
    message: status.message,
    final: sightings.since(`deadline ${workload.metadata.uid}`) >= DEADLINE_PATIENCE_MS,
    hint: 'its pods run and do not become ready: look at the probe and at the last lines of the log',
  }
}

/** Pods that the cluster refuses to make: a quota, a policy, a missing ServiceAccount. Some of them may be there. */
export const refusedPodsRule: WorkloadRule = (context) => {
  const { workload, sightings } = context
  const message = refusalOf(context)
  if (message === undefined) return undefined
  const quota = isQuotaRefusal(message)
  return {
    code: quota ? 'deploy/quota-exceeded' : 'deploy/pods-refused',
    reason: 'FailedCreate',
    message,
    final: sightings.since(`refused ${workload.metadata.uid}`) >= PATIENCE_MS,
    hint: quota ? QUOTA_HINT : 'the cluster refuses the pods: correct what the message names',
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
  const generation = Number(workload.metadata.generation ?? 0)
  if ((workload.status?.observedGeneration ?? generation) < generation) return undefined
  // a Deployment repeats what any of its ReplicaSets is refused, also one of an earlier template (getReplicaFailures of its controller)
  const condition = conditionOf(replicaSet ?? workload, 'ReplicaFailure')
  if (condition?.status === 'True') return condition.message
  if (replicaSet !== undefined) return undefined
  // StatefulSets, DaemonSets and Jobs report it by events alone; a pod that was made since means that it is over
  const refused = events.findLast(({ reason }) => reason === 'FailedCreate')
  const made = events.findLast(({ reason }) => reason === 'SuccessfulCreate')
  const over = made !== undefined && refused !== undefined && eventTime(made) > eventTime(refused)
  return over ? undefined : refused?.message
}

interface FailedRun {
  container: string
  reason: string
  exitCode: number
  /** Milliseconds since 1970, by the clock of its node. */
  beganAt: number
}

/** The containers that made pods of a Job fail, those of the youngest pods first. */
function failedRuns({ pods }: Parameters<WorkloadRule>[0]): FailedRun[] {
  return lastFailedFirst(pods.map(({ pod }) => pod)).flatMap((pod) =>
    containersOf(pod).flatMap(({ name, gate, terminated }) =>
      gate || terminated === undefined || terminated.exitCode === 0
        ? []
        : [
            {
              container: name,
              reason: reasonOf(terminated),
              exitCode: terminated.exitCode,
              beganAt: Date.parse(terminated.startedAt ?? '') || 0,
            },
          ],
    ),
  )
}

/** Failed pods, the youngest first. */
export function lastFailedFirst(pods: readonly KubeObject[]): KubeObject[] {
  const made = ({ metadata }: KubeObject) => String(metadata.creationTimestamp ?? '')
  return pods
    .filter(({ status }) => status?.phase === 'Failed')
    .sort((a, b) => (made(a) < made(b) ? 1 : -1))
}
