import type { KeptService } from '@landfall/kube'
import { type Pod, type Workload, type World, workloadKey } from './world.ts'

/** A kubelet that has not ended a pod this long after its grace period is gone, and the program with it, as far as anybody can tell. */
const LATE_MS = 1_000

/** How a service is at the moment. */
export type Standing =
  | {
      whole: true
      /** Its pods with the container of the service, `pod/container` each, sorted; of a one-shot its run. */
      identity: string[]
      /** Since when it is ready: of its pods the last one. */
      readyAt: number
      /** When the container of the service started: of its pods the last one. */
      startedAt: number
    }
  | {
      whole: false
      /** When that may change without an event, in milliseconds since 1970. */
      lookAt?: number
    }

const AWAY: Standing = { whole: false }

/** Whether a service is all there, and since when. A one-shot is when it is complete. */
export function standingOf(kept: KeptService, world: World, now: number): Standing {
  const workload = world.workloads.get(workloadKey({ kind: kept.kind, name: kept.workload }))
  if (workload === undefined || workload.ending) return AWAY
  if (kept.kind === 'Job')
    return workload.completeAt === undefined
      ? AWAY
      : {
          whole: true,
          identity: [short(workload.uid)],
          readyAt: doneAt(kept, workload, world) ?? workload.completeAt,
          startedAt: workload.beganAt ?? workload.completeAt,
        }
  if (workload.wanted === 0 || workload.rolling) return AWAY
  const all = podsOf(kept, world)
  const ending = all.filter(({ endsAt }) => endsAt !== undefined)
  const reached = kept.reachedWhileEnding
    ? ending.filter(({ endsAt = 0 }) => endsAt + LATE_MS > now)
    : []
  if (reached.length > 0)
    return {
      whole: false,
      lookAt: Math.max(...reached.map(({ endsAt = 0 }) => endsAt + LATE_MS)),
    }
  const staying = all.filter(({ endsAt }) => endsAt === undefined)
  return wholeOf(kept, workload, staying)
}

/** When the program of a one-shot had done its work: gates do not wait until its Job is complete, which is seconds later (decision 0003). */
function doneAt({ container }: KeptService, { uid }: Workload, world: World): number | undefined {
  const times = [...world.pods.values()].flatMap(({ job, containers }) =>
    job === uid ? (containers[container]?.doneAt ?? []) : [],
  )
  return times.length === 0 ? undefined : Math.max(...times)
}

function wholeOf(kept: KeptService, { wanted }: Workload, pods: readonly Pod[]): Standing {
  if (pods.length !== wanted) return AWAY
  const identity: string[] = []
  let readyAt = 0
  let startedAt = 0
  for (const pod of pods) {
    const container = pod.containers[kept.container]
    if (pod.readyAt === undefined || container?.startedAt === undefined) return AWAY
    identity.push(`${short(pod.uid)}/${container.id}`)
    readyAt = Math.max(readyAt, pod.readyAt)
    startedAt = Math.max(startedAt, container.startedAt)
  }
  return { whole: true, identity: identity.sort(), readyAt, startedAt }
}

/** The pods of a service that run something or are about to. */
function podsOf(kept: KeptService, world: World): Pod[] {
  return [...world.pods.values()].filter(({ app, over }) => app === kept.pods && !over)
}

/** When the programs of a service started that run and do not end. */
export function startsOf(kept: KeptService, world: World): number[] {
  return podsOf(kept, world)
    .filter(({ endsAt }) => endsAt === undefined)
    .flatMap(({ containers }) => containers[kept.container]?.startedAt ?? [])
}

/** Whether a part of a service was replaced: one that was there is gone, and one is there that was not. More or fewer pods are no replacement. */
export function isReplaced(seen: readonly string[], identity: readonly string[]): boolean {
  return seen.some((one) => !identity.includes(one)) && identity.some((one) => !seen.includes(one))
}

function short(uid: string): string {
  return uid.slice(0, 8)
}
