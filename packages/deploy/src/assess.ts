import { conditionOf, type KubeObject, type ObjectStatus, objectStatus } from '@landfall/kube'
import { type Finding, POD_RULES, WORKLOAD_RULES } from './failures/index.ts'
import { isCurrentPod, ownerOf } from './owner.ts'
import { type PodProgress, podProgress } from './progress.ts'
import type { Sightings } from './sightings.ts'
import { notSteadyYet } from './steady.ts'
import { type ClusterView, eventsOf } from './view.ts'

/** How one workload is doing. */
export interface Assessment {
  /** `deployment/web` */
  object: string
  status: ObjectStatus
  /** What it waits for, as a sentence. */
  message: string
  /** It waits for another workload. */
  gated: boolean
  /** What is wrong with it, and in which pod. */
  finding?: Finding
  pod?: KubeObject
  /** Place of the finding's rule among all: the lower, the nearer to the cause. */
  rank: number
}

/** What assessing needs to know beside the cluster. */
export interface AssessmentMemory {
  sightings: Sightings
  /** By pod name: the last line that its gate has printed. */
  gateLines: ReadonlyMap<string, string>
  /** This deploy changed something: what happened before the first look may not happen again. */
  changed: boolean
  /** Milliseconds since the first look. */
  sinceBegin: number
}

interface PodState {
  pod: KubeObject
  events: KubeObject[]
  claimEvents: KubeObject[]
  progress: PodProgress
}

/** Looks at every workload of a release. Pure: equal views, memories and workloads give equal assessments. */
export function assess(
  workloads: readonly string[],
  view: ClusterView,
  memory: AssessmentMemory,
): Assessment[] {
  const states = podStates(workloads, view, memory)
  const first = workloads.map((object) =>
    assessOne(object, view, memory, states.get(object) ?? [], undefined),
  )
  const moving = first.filter(isMoving)
  const settledAt = latestOfOthers(
    workloads.map((object) => readyAt(view.objects.get(object), states.get(object) ?? [])),
  )
  return first.map((one, index) => {
    const othersSettled = moving.length === 0 || (moving.length === 1 && moving[0] === one)
    return one.finding === undefined || one.finding.final || !othersSettled
      ? one
      : assessOne(one.object, view, memory, states.get(one.object) ?? [], settledAt(index))
  })
}

/** For the place of each time in a list: the latest of the others. */
function latestOfOthers(times: readonly number[]): (index: number) => number {
  const [latest = 0, second = 0] = [...times].sort((a, b) => b - a)
  return (index) => (times[index] === latest ? second : latest)
}

/** When a workload became ready last, by the clock of its nodes; the beginning of time when it is not. */
function readyAt(workload: KubeObject | undefined, pods: readonly PodState[]): number {
  const times = pods.map(({ pod }) => {
    const ready = conditionOf(pod, 'Ready')
    return ready?.status === 'True' ? ready.lastTransitionTime : undefined
  })
  return Math.max(
    ...[workload?.status?.completionTime, ...times].map((time) => Date.parse(time ?? '') || 0),
  )
}

function podStates(
  workloads: readonly string[],
  view: ClusterView,
  { gateLines }: AssessmentMemory,
): Map<string, PodState[]> {
  const states = new Map<string, PodState[]>(workloads.map((object) => [object, []]))
  for (const pod of view.pods.values()) {
    const owner = ownerOf(view, pod)
    const workload = owner === undefined ? undefined : view.objects.get(owner)
    if (owner === undefined || workload === undefined || !isCurrentPod(view, pod, workload))
      continue
    const events = eventsOf(view, pod)
    const progress = podProgress(pod, events, gateLines.get(pod.metadata.name))
    states.get(owner)?.push({ pod, events, claimEvents: claimEventsOf(view, pod), progress })
  }
  return states
}

/** The events about the claims that a pod mounts. */
function claimEventsOf(view: ClusterView, pod: KubeObject): KubeObject[] {
  const volumes: { persistentVolumeClaim?: { claimName: string } }[] = pod.spec.volumes ?? []
  return volumes.flatMap(({ persistentVolumeClaim: source }) => {
    const claim = view.objects.get(`persistentvolumeclaim/${source?.claimName}`)
    return claim === undefined ? [] : eventsOf(view, claim)
  })
}

function assessOne(
  object: string,
  view: ClusterView,
  { sightings, changed, sinceBegin }: AssessmentMemory,
  pods: readonly PodState[],
  settledAt: number | undefined,
): Assessment {
  const workload = view.objects.get(object)
  if (workload === undefined) {
    const message = 'the cluster does not show it yet'
    return { object, status: { state: 'inProgress', message }, message, gated: false, rank: 0 }
  }
  const status = objectStatus(workload)
  const gated = pods.length > 0 && pods.every(({ progress }) => progress.stage === 'gated')
  const base = { object, status, message: status.message, gated, rank: 0 }
  if (status.state === 'current') {
    const unsteady = pods.map(({ pod }) => notSteadyYet(pod, sightings, sinceBegin)).find(Boolean)
    return unsteady === undefined
      ? base
      : { ...base, status: { state: 'inProgress', message: unsteady }, message: unsteady }
  }

  const alive = pods.filter(
    ({ progress }) => progress.stage === 'gated' || progress.stage === 'moving',
  )
  for (const [rank, rule] of POD_RULES.entries())
    for (const { pod, events, claimEvents } of alive) {
      const newsWithinMs = changed ? sinceBegin : Number.POSITIVE_INFINITY
      const context = { pod, events, claimEvents, workload, sightings, settledAt, newsWithinMs }
      const finding = rule(context)
      if (finding !== undefined) return { ...base, message: finding.message, finding, pod, rank }
    }
  const context = {
    workload,
    events: eventsOf(view, workload),
    pods: pods.map(({ pod }) => pod),
    sightings,
  }
  for (const [rank, rule] of WORKLOAD_RULES.entries()) {
    const finding = rule(context)
    if (finding !== undefined)
      return { ...base, message: finding.message, finding, rank: POD_RULES.length + rank }
  }
  const telling = alive.find(({ progress }) => progress.stage === 'moving') ?? alive[0]
  if (telling === undefined) {
    const done = pods.some(({ pod }) => pod.status?.phase === 'Succeeded')
    return done ? { ...base, message: 'has ended' } : base
  }
  const { message } = telling.progress
  return {
    ...base,
    message: pods.length === 1 ? message : `pod ${telling.pod.metadata.name}: ${message}`,
  }
}

/** Whether a workload may still become ready without anything else changing. */
function isMoving({ status, finding, gated }: Assessment): boolean {
  return status.state === 'inProgress' && finding === undefined && !gated
}

/** The finding that ends a deploy, the one nearest to the cause if there are several. */
export function decisive(assessments: readonly Assessment[]): Assessment | undefined {
  return assessments
    .filter(({ finding }) => finding?.final)
    .reduce<Assessment | undefined>(
      (best, one) => (best === undefined || one.rank < best.rank ? one : best),
      undefined,
    )
}
