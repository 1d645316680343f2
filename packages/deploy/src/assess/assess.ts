import { conditionOf, type KubeObject, type ObjectStatus, objectStatus } from '@landfall/kube'
import { type Finding, NO_RANK, POD_RULES, WORKLOAD_RULES } from '../failures/index.ts'
import { predecessorOf } from '../failures/predecessor.ts'
import { containersOf, goesOn } from '../view/containers.ts'
import { currentReplicaSets, isCurrentPod, ownerOf } from '../view/owner.ts'
import { type PodProgress, podProgress } from '../view/progress.ts'
import { type RunMemory, unsteadyIn } from '../view/steady.ts'
import { type ClusterView, eventsOf } from '../view/view.ts'

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
  /** The cluster calls it ready; whether it stays up is still to be seen: it is new, or has ended before. */
  watched?: 'new' | 'again'
}

/** An assessment that found something. */
export type FailedAssessment = Assessment & { finding: Finding }

/** What assessing needs to know in addition to the cluster. */
export interface AssessmentMemory extends RunMemory {
  /** By pod name: the last line that its gate has printed. */
  gateLines: ReadonlyMap<string, string>
}

interface PodState {
  pod: KubeObject
  events: KubeObject[]
  claimEvents: Map<string, KubeObject[]>
  progress: PodProgress
}

/** Looks at every workload of a release. Pure: equal views, memories and workloads give equal assessments. */
export function assess(
  workloads: readonly string[],
  view: ClusterView,
  memory: AssessmentMemory,
): Assessment[] {
  const ending = endingPods(view)
  const states = podStates(workloads, view, memory, ending)
  const replicaSets = currentReplicaSets(view)
  const one = (object: string, settledAt: number | undefined): Assessment =>
    assessOne({
      object,
      view,
      memory,
      pods: states.get(object) ?? [],
      ending: ending.get(object) ?? [],
      replicaSets,
      settledAt,
    })
  const first = workloads.map((object) => one(object, undefined))
  const moving = first.filter(isMoving)
  const settledAt = latestOfOthers(
    workloads.map((object) => readyAt(view.objects.get(object), states.get(object) ?? [])),
  )
  return first.map((found, index) => {
    const othersSettled = moving.length === 0 || (moving.length === 1 && moving[0] === found)
    return found.finding === undefined || found.finding.final || !othersSettled
      ? found
      : one(found.object, settledAt(index))
  })
}

/** For the place of each time in a list: the latest of the others. */
function latestOfOthers(times: readonly number[]): (index: number) => number {
  const [latest = 0, second = 0] = [...times].sort((a, b) => b - a)
  return (index) => (times[index] === latest ? second : latest)
}

/** A program without a readiness probe counts as ready from its first moment; what it offers may take so long. */
const UNPROBED_MS = 20_000

/** When a workload became ready last, by the clock of its nodes; the beginning of time when it is not. */
function readyAt(workload: KubeObject | undefined, pods: readonly PodState[]): number {
  const times = pods.map(({ pod }) => {
    const ready = conditionOf(pod, 'Ready')
    if (ready?.status !== 'True') return 0
    const probed = containersOf(pod).every((one) => one.probed || !goesOn(one))
    return millisecondsOf(ready.lastTransitionTime) + (probed ? 0 : UNPROBED_MS)
  })
  return Math.max(millisecondsOf(workload?.status?.completionTime), ...times)
}

function millisecondsOf(time: string | undefined): number {
  return Date.parse(time ?? '') || 0
}

function podStates(
  workloads: readonly string[],
  view: ClusterView,
  { gateLines }: AssessmentMemory,
  ending: ReadonlyMap<string, KubeObject[]>,
): Map<string, PodState[]> {
  const states = new Map<string, PodState[]>(workloads.map((object) => [object, []]))
  for (const pod of view.pods.values()) {
    const owner = ownerOf(view, pod)
    const workload = owner === undefined ? undefined : view.objects.get(owner)
    if (owner === undefined || workload === undefined || !isCurrentPod(view, pod, workload))
      continue
    const events = eventsOf(view, pod)
    const before = predecessorOf(pod, ending.get(owner) ?? [])
    const progress = podProgress(pod, events, gateLines.get(pod.metadata.name), before)
    states.get(owner)?.push({ pod, events, claimEvents: claimEventsOf(view, pod), progress })
  }
  return states
}

/** The pods of each workload, by object id, that are being deleted and have not ended, of whatever template. */
function endingPods(view: ClusterView): Map<string, KubeObject[]> {
  const ending = new Map<string, KubeObject[]>()
  for (const pod of view.pods.values()) {
    const { phase } = pod.status ?? {}
    if (pod.metadata.deletionTimestamp === undefined) continue
    const owner = ownerOf(view, pod)
    if (owner !== undefined && phase !== 'Succeeded' && phase !== 'Failed')
      ending.set(owner, [...(ending.get(owner) ?? []), pod])
  }
  return ending
}

/** The events about each claim that a pod mounts. */
function claimEventsOf(view: ClusterView, pod: KubeObject): Map<string, KubeObject[]> {
  const volumes: { persistentVolumeClaim?: { claimName: string } }[] = pod.spec.volumes ?? []
  return new Map(
    volumes.flatMap(({ persistentVolumeClaim: source }) => {
      if (source === undefined) return []
      const claim = view.objects.get(`persistentvolumeclaim/${source.claimName}`)
      return [[source.claimName, claim === undefined ? [] : eventsOf(view, claim)] as const]
    }),
  )
}

/** A workload that was applied and is not shown for so long was deleted: what is listed is newer than the apply. */
const MISSING_PATIENCE_MS = 3_000

interface Look {
  object: string
  view: ClusterView
  memory: AssessmentMemory
  pods: readonly PodState[]
  ending: readonly KubeObject[]
  replicaSets: ReadonlyMap<string, KubeObject>
  settledAt: number | undefined
}

function assessOne(look: Look): Assessment {
  const { object, view, memory, pods } = look
  const workload = view.objects.get(object)
  if (workload === undefined || workload.metadata.deletionTimestamp !== undefined)
    return absent(object, workload, memory)
  const status = objectStatus(workload)
  const gated = pods.length > 0 && pods.every(({ progress }) => progress.stage === 'gated')
  const base = { object, status, message: status.message, gated, rank: 0 }
  if (workload.kind === 'Job' && status.state === 'current') return base
  const alive = pods.filter(({ progress }) => progress.stage !== 'over')
  const found = findInPods(alive, workload, look) ?? findInWorkload(workload, look)
  if (found !== undefined)
    return {
      ...base,
      ...found,
      message: found.finding.message,
      status: notCurrent(status, found.finding.message),
    }
  const open = { ...base, status: notCurrent(status, status.message) }
  const telling =
    alive.find(({ progress }) => progress.stage === 'moving') ??
    alive.find(({ progress }) => progress.stage === 'gated')
  if (telling !== undefined) {
    const { message } = telling.progress
    return {
      ...open,
      message: pods.length === 1 ? message : `pod ${telling.pod.metadata.name}: ${message}`,
    }
  }
  const missing = wantedPods(workload) - alive.length
  if (status.state !== 'current' || missing > 0) {
    const done = pods.some(({ pod }) => pod.status?.phase === 'Succeeded')
    if (done) return { ...open, message: 'has ended' }
    return missing > 0 && status.state === 'current'
      ? { ...open, message: `${alive.length} of ${alive.length + missing} pods exist` }
      : { ...open, message: status.message }
  }
  const unsteady = alive.map(({ pod }) => unsteadyIn(pod, memory)).find(Boolean)
  if (unsteady === undefined) return base
  const { message, ended } = unsteady
  return { ...base, status: notCurrent(status, message), message, watched: ended ? 'again' : 'new' }
}

/** What the pods report outweighs the status of their workload, which is a step behind. */
function notCurrent({ state }: ObjectStatus, message: string): ObjectStatus {
  return { state: state === 'current' ? 'inProgress' : state, message }
}

/** How many pods of its present template a workload has when it is ready, as far as its object shows. */
function wantedPods({ kind, spec, status }: KubeObject): number {
  if (kind === 'DaemonSet') return status?.desiredNumberScheduled ?? 0
  const partial =
    spec?.updateStrategy?.type === 'OnDelete' ||
    (spec?.updateStrategy?.rollingUpdate?.partition ?? 0) > 0
  return kind === 'Job' || partial ? 0 : (spec?.replicas ?? 1)
}

function absent(
  object: string,
  workload: KubeObject | undefined,
  { sightings }: AssessmentMemory,
): Assessment {
  const message = workload === undefined ? 'not visible in the cluster yet' : 'is being deleted'
  const base = { object, message, gated: false, rank: 0 }
  const status = { state: 'inProgress', message } as const
  if (sightings.since(`absent ${object}`) < MISSING_PATIENCE_MS) return { ...base, status }
  const finding: Finding = {
    code: 'deploy/deleted',
    reason: 'deleted',
    message: `${object} was deleted during the wait`,
    final: true,
    hint: 'another command or user deleted it: find out who, then run `landfall up` again',
  }
  return { ...base, status, message: finding.message, finding }
}

type Found = Pick<Assessment, 'pod' | 'rank'> & { finding: Finding }

function findInPods(
  alive: readonly PodState[],
  workload: KubeObject,
  { view, memory, settledAt, ending }: Look,
): Found | undefined {
  const { sightings } = memory
  const { nodes } = view
  const common = { nodes, ending, workload, sightings, settledAt, memory }
  for (const [rank, rule] of POD_RULES.entries())
    for (const { pod, events, claimEvents } of alive) {
      const node = nodes.get(pod.spec.nodeName ?? '')
      const finding = rule({ ...common, pod, node, events, claimEvents })
      if (finding !== undefined) return { finding, pod, rank }
    }
  return undefined
}

function findInWorkload(
  workload: KubeObject,
  { view, pods, ending, replicaSets, memory, settledAt }: Look,
): Found | undefined {
  const replicaSet =
    workload.kind === 'Deployment' ? replicaSets.get(workload.metadata.name) : undefined
  const context = {
    workload,
    events: eventsOf(view, workload),
    pods,
    nodes: view.nodes,
    ending,
    sightings: memory.sightings,
    settledAt,
    memory,
    ...(replicaSet === undefined ? {} : { replicaSet }),
  }
  for (const [rank, rule] of WORKLOAD_RULES.entries()) {
    const finding = rule(context)
    if (finding !== undefined) return { finding, rank: POD_RULES.length + rank }
  }
  return undefined
}

/** Whether a workload may still become ready without anything else changing. */
function isMoving({ status, finding, gated, watched }: Assessment): boolean {
  return status.state !== 'current' && finding === undefined && !gated && watched === undefined
}

/** The finding that ends a deploy, the one nearest to the cause if there are several; work that is done is not a failure. */
export function decisive(assessments: readonly Assessment[]): FailedAssessment | undefined {
  const order = ({ finding, rank }: FailedAssessment) => (finding.completed ? NO_RANK : 0) + rank
  return assessments
    .filter(hasFinding)
    .filter(({ finding }) => finding.final)
    .reduce<FailedAssessment | undefined>(
      (best, one) => (best === undefined || order(one) < order(best) ? one : best),
      undefined,
    )
}

/** Whether something is wrong with a workload. */
export function hasFinding(assessment: Assessment): assessment is FailedAssessment {
  return assessment.finding !== undefined
}
