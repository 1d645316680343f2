import {
  conditionOf,
  type KeeperRecord,
  type KubeObject,
  RUNNING_AGAIN_ANNOTATION,
  readKeeperRecord,
} from '@landfall/kube'
import { type RunningAgain, readRunningAgain } from './again.ts'

/** What is known of the cluster: as much of its objects as the rules read. Times are in milliseconds since 1970. */
export interface World {
  pods: ReadonlyMap<string, Pod>
  /** By kind and name: `Deployment/web`. */
  workloads: ReadonlyMap<string, Workload>
}

export interface Pod {
  uid: string
  name: string
  /** `app.kubernetes.io/name` */
  app: string
  /** When its grace period is over, if it ends. */
  endsAt?: number
  /** Since when it is ready, if it is. */
  readyAt?: number
  containers: Record<string, RunningContainer>
  /** It succeeded or failed, and runs nothing any more. */
  over: boolean
  /** The uid of the Job that it belongs to. */
  job?: string
}

export interface RunningContainer {
  /** Of the runtime, shortened. */
  id: string
  /** Undefined while it does not run. */
  startedAt?: number
  /** When it exited with code 0, if it has. */
  doneAt?: number
}

export interface Workload {
  uid: string
  kind: string
  name: string
  /** Pods that there should be. */
  wanted: number
  /** Its pods are replaced at the moment. */
  rolling: boolean
  /** Of a Job: when it began. */
  beganAt?: number
  /** Of a Job: when it was complete. */
  completeAt?: number
  /** Of a Job: it failed for good. */
  failed?: true
  /** It is being deleted. */
  ending?: true
  record: KeeperRecord
  /** Of the keeper's own Deployment: the Job that runs again. */
  again?: RunningAgain
}

/** The part of a pod that the rules read. */
export function podOf(object: KubeObject): Pod {
  const { metadata, status = {} } = object
  const ready = conditionOf(object, 'Ready')
  const statuses = [...(status.containerStatuses ?? []), ...(status.initContainerStatuses ?? [])]
  const { deletionTimestamp } = metadata
  const job = metadata.labels?.['batch.kubernetes.io/controller-uid']
  return {
    uid: String(metadata.uid),
    name: metadata.name,
    app: metadata.labels?.['app.kubernetes.io/name'] ?? '',
    ...(typeof deletionTimestamp === 'string' && { endsAt: Date.parse(deletionTimestamp) }),
    ...(ready?.status === 'True' && { readyAt: Date.parse(ready.lastTransitionTime ?? '') || 0 }),
    containers: Object.fromEntries(
      statuses.map(({ name, containerID = '', state = {} }): [string, RunningContainer] => [
        name,
        {
          id: String(containerID)
            .replace(/^.*\/\//, '')
            .slice(0, 12),
          ...(state.running !== undefined && {
            startedAt: Date.parse(state.running.startedAt) || 0,
          }),
          ...(state.terminated?.exitCode === 0 && {
            doneAt: Date.parse(state.terminated.finishedAt) || 0,
          }),
        },
      ]),
    ),
    over: status.phase === 'Succeeded' || status.phase === 'Failed',
    ...(job !== undefined && { job }),
  }
}

/** The part of a Deployment, a DaemonSet or a Job that the rules read. */
export function workloadOf(object: KubeObject): Workload {
  const { kind, metadata, spec = {}, status = {} } = object
  const again = readRunningAgain(metadata.annotations?.[RUNNING_AGAIN_ANNOTATION])
  const base = {
    ...(again !== undefined && { again }),
    uid: String(metadata.uid),
    kind,
    name: metadata.name,
    ...(metadata.deletionTimestamp !== undefined && { ending: true as const }),
    record: readKeeperRecord(object),
  }
  if (kind === 'Job') {
    const complete = conditionOf(object, 'Complete')
    return {
      ...base,
      wanted: 0,
      rolling: false,
      beganAt: Date.parse(status.startTime ?? metadata.creationTimestamp) || 0,
      ...(complete?.status === 'True' && {
        completeAt: Date.parse(status.completionTime ?? complete.lastTransitionTime ?? '') || 0,
      }),
      ...(conditionOf(object, 'Failed')?.status === 'True' && { failed: true as const }),
    }
  }
  const unseen = Number(status.observedGeneration ?? 0) < Number(metadata.generation ?? 0)
  const wanted = kind === 'DaemonSet' ? (status.desiredNumberScheduled ?? 0) : (spec.replicas ?? 1)
  const updated =
    (kind === 'DaemonSet' ? status.updatedNumberScheduled : status.updatedReplicas) ?? 0
  const all = (kind === 'DaemonSet' ? wanted : status.replicas) ?? 0
  return { ...base, wanted, rolling: unseen || updated < wanted || all > updated }
}

/** The key of a workload in a {@link World}. */
export function workloadKey({ kind, name }: { kind: string; name: string }): string {
  return `${kind}/${name}`
}
