import {
  conditionOf,
  type KeeperAct,
  type KubeClient,
  type KubeObject,
  type ObjectState,
  objectId,
  readKeeperRecord,
  SOURCE_ANNOTATION,
} from '@landfall/kube'
import { type Assessment, assess } from './assess/assess.ts'
import { endsOfAll } from './assess/assess-over-time.ts'
import { readMembers } from './day/members.ts'
import { readWaits } from './day/waits.ts'
import type { Drift } from './drift/drift.ts'
import { releaseDrift } from './drift/release-drift.ts'
import { type EffectState, readEffects } from './effects/read-effects.ts'
import { readInventory } from './release/inventory.ts'
import { isWorkload } from './release/kind-order.ts'
import { containersOf } from './view/containers.ts'
import { readGateLines } from './view/gate-lines.ts'
import { ownerOf } from './view/owner.ts'
import { rememberSightings } from './view/sightings.ts'
import { type ClusterView, readView } from './view/view.ts'

export interface StatusOptions {
  client: KubeClient
  release: string
  namespace: string
  /** Also reads what each waits for. */
  waits?: boolean
  signal?: AbortSignal
  /** Milliseconds since 1970, for ages. */
  now?: () => number
}

export interface ReleaseStatus {
  release: string
  namespace: string
  revision: number
  /** `failed` when one has failed, `current` when all are. */
  state: ObjectState
  workloads: WorkloadStatus[]
  /** What others have changed; objects that are missing are a failure. */
  drift: Drift[]
  /** Kinds that the account may not list: what became of their objects is not known. */
  unread: string[]
}

export interface WorkloadStatus {
  /** `deployment/web` */
  object: string
  state: ObjectState
  /** What it waits for or what is wrong, as a sentence. */
  message: string
  ready: number
  desired: number
  /** Of all containers of all its pods, gates left out. */
  restarts: number
  images: string[]
  ageMs: number
  pods: string[]
  /** `compose.yaml#/services/web` */
  source?: string
  /** What the keeper of the release has done to it, the last first. */
  kept: KeeperAct[]
  /** Of a one-shot that is complete: why its effect is gone, as it was tested now, or as the keeper has found it. */
  effectGone?: string
  /** Of a one-shot that is complete: why it is not known whether its effect is still there. */
  effectUnknown?: string
  /** Workloads that its pods wait for before they start, with {@link StatusOptions.waits}. */
  waitsFor?: string[]
}

/** How a release is doing now; undefined when there is none of that name in the namespace. */
export async function releaseStatus(options: StatusOptions): Promise<ReleaseStatus | undefined> {
  const { client, release, namespace, signal, now = Date.now } = options
  const inventory = await readInventory(client, { release, namespace }, signal)
  if (inventory === undefined) return undefined
  const present = inventory.entries.filter(
    (entry) => isWorkload(entry) && entry.revision === inventory.revision,
  )
  const names = present.map(objectId)
  const view = await readView(client, namespace, names, signal)
  const gateLines = new Map<string, string>()
  await readGateLines(client, namespace, view, gateLines, signal)
  const sightings = rememberSightings()(0)
  const serverNow = client.serverTime()
  const memory = {
    sightings,
    gateLines,
    sinceBegin: 0,
    // one look, as the first of a deploy
    endsBefore: endsOfAll(view),
    serverNow,
  }
  const members = options.waits
    ? await readMembers(client, { release, namespace }, signal)
    : undefined
  const waits = members === undefined ? undefined : await readWaits(client, members, signal)
  const complete = [...view.objects.values()].filter(
    (object) => object.kind === 'Job' && conditionOf(object, 'Complete')?.status === 'True',
  )
  const effects = await readEffects(client, namespace, complete, signal)
  const workloads = assess(names, view, memory).map((assessment) => {
    const status = withEffect(
      workloadStatus(assessment, view, now()),
      effects.get(assessment.object),
    )
    const waitsFor = waits?.get(assessment.object)
    return waitsFor === undefined ? status : { ...status, waitsFor: [...waitsFor] }
  })
  const { drift, unread } = await releaseDrift(client, { release, namespace }, inventory, signal)
  const isMissing = drift.some(({ change }) => change === 'missing')
  return {
    release,
    namespace,
    revision: inventory.revision,
    state: isMissing ? 'failed' : worstOf(workloads),
    workloads,
    drift,
    unread,
  }
}

/** A one-shot whose effect is gone is not done; the keeper is about to run it again, where there is one. */
function withEffect(status: WorkloadStatus, effect: EffectState | undefined): WorkloadStatus {
  if (status.state !== 'current') return status
  if (effect?.state === 'gone')
    return { ...status, state: effect.kept ? 'inProgress' : 'failed', effectGone: effect.why }
  if (status.effectGone !== undefined) return { ...status, state: 'inProgress' }
  return effect?.state === 'unknown' ? { ...status, effectUnknown: effect.why } : status
}

function worstOf(workloads: readonly WorkloadStatus[]): ObjectState {
  const has = (wanted: ObjectState) => workloads.some(({ state }) => state === wanted)
  if (has('failed')) return 'failed'
  return has('inProgress') ? 'inProgress' : 'current'
}

function workloadStatus(
  { object, status, message, finding, watched }: Assessment,
  view: ClusterView,
  now: number,
): WorkloadStatus {
  const workload = view.objects.get(object)
  const pods = [...view.pods.values()].filter((pod) => ownerOf(view, pod) === object)
  const containers = pods.flatMap(containersOf).filter(({ gate }) => !gate)
  const source = workload?.metadata.annotations?.[SOURCE_ANNOTATION]
  const { acts, gone } =
    workload === undefined ? { acts: [], gone: undefined } : readKeeperRecord(workload)
  const made = Date.parse(String(workload?.metadata.creationTimestamp ?? ''))
  return {
    object,
    state: finding?.final ? 'failed' : watched === 'new' ? 'current' : status.state,
    message,
    ...counts(workload),
    restarts: containers.reduce((sum, { restarts }) => sum + restarts, 0),
    images: imagesOf(workload),
    ageMs: Number.isNaN(made) ? 0 : Math.max(0, now - made),
    pods: pods.map(({ metadata }) => metadata.name).sort(),
    kept: [...acts].reverse(),
    ...(gone === undefined ? {} : { effectGone: gone }),
    ...(source === undefined ? {} : { source }),
  }
}

function counts(workload: KubeObject | undefined): { ready: number; desired: number } {
  if (workload === undefined) return { ready: 0, desired: 0 }
  const { kind, spec, status } = workload
  if (kind === 'Job') return { ready: status?.succeeded ?? 0, desired: spec?.completions ?? 1 }
  if (kind === 'DaemonSet')
    return { ready: status?.numberReady ?? 0, desired: status?.desiredNumberScheduled ?? 0 }
  return { ready: status?.readyReplicas ?? 0, desired: spec?.replicas ?? 1 }
}

function imagesOf(workload: KubeObject | undefined): string[] {
  const containers: { image: string }[] = workload?.spec?.template?.spec?.containers ?? []
  return containers.map(({ image }) => image)
}
