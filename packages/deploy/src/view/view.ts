import {
  type CollectionReference,
  isRefusal,
  type KubeClient,
  type KubeObject,
  objectId,
} from '@landfall/kube'

/** The part of a namespace that shows how a release is doing, kept up to date by watches. */
export interface ClusterView {
  /** Deployments, StatefulSets, DaemonSets, Jobs and claims by object id. */
  objects: Map<string, KubeObject>
  /** By name. */
  pods: Map<string, KubeObject>
  /** By name. */
  replicaSets: Map<string, KubeObject>
  /** By name; empty for a user who may not look at them. */
  nodes: Map<string, KubeObject>
  /** Events by the uid of the object that they are about, then by their own name. */
  events: Map<string, Map<string, KubeObject>>
  /** Kinds whose watch has lost the API server, with the last error; what is shown of them is of before. */
  lost: Map<string, Error>
}

export function emptyView(): ClusterView {
  return {
    objects: new Map(),
    pods: new Map(),
    replicaSets: new Map(),
    nodes: new Map(),
    events: new Map(),
    lost: new Map(),
  }
}

/** Read in any case. Those that only explain may be left out for a user who may not read them. */
const SOURCES: readonly Source[] = [
  { apiVersion: 'v1', kind: 'Pod', explains: false },
  { apiVersion: 'v1', kind: 'PersistentVolumeClaim', explains: true },
  { apiVersion: 'v1', kind: 'Event', explains: true },
  { apiVersion: 'v1', kind: 'Node', explains: true },
]

/** Read when the release has a workload of the kind. */
const WORKLOAD_SOURCES: readonly (Source & { with: string })[] = [
  { with: 'deployment', apiVersion: 'apps/v1', kind: 'Deployment', explains: false },
  { with: 'deployment', apiVersion: 'apps/v1', kind: 'ReplicaSet', explains: true },
  { with: 'statefulset', apiVersion: 'apps/v1', kind: 'StatefulSet', explains: false },
  { with: 'daemonset', apiVersion: 'apps/v1', kind: 'DaemonSet', explains: false },
  { with: 'job', apiVersion: 'batch/v1', kind: 'Job', explains: false },
]

interface Source {
  apiVersion: string
  kind: string
  explains: boolean
}

/** What to read to know about these workloads, given by object id. */
function sourcesFor(workloads: readonly string[]): Source[] {
  const kinds = new Set(workloads.map((id) => id.split('/')[0]))
  return [...SOURCES, ...WORKLOAD_SOURCES.filter((source) => kinds.has(source.with))]
}

/**
 * Keeps a view of a namespace until the signal is aborted: one list and one watch a kind, however many objects there are.
 * `onChange` is called after each step; `listed` is fulfilled when every kind was read once. `ended` is rejected when
 * a watch fails for good.
 */
export function watchView(
  client: KubeClient,
  namespace: string,
  workloads: readonly string[],
  onChange: () => void,
  signal: AbortSignal,
): { view: ClusterView; listed: Promise<void>; ended: Promise<void> } {
  const view = emptyView()
  const watches = sourcesFor(workloads).map(({ apiVersion, kind, explains }) => {
    let onListed = () => {}
    const listed = new Promise<void>((resolve) => {
      onListed = resolve
    })
    const ended = followKind(client, view, { apiVersion, kind, namespace }, signal, () => {
      onListed()
      onChange()
    }).catch((error) => {
      if (!explains || !isRefusal(error, 'Forbidden')) throw error
      onListed()
    })
    return { listed, ended }
  })
  const ended = Promise.all(watches.map((watch) => watch.ended)).then(() => {})
  const listed = Promise.race([
    Promise.all(watches.map((watch) => watch.listed)).then(() => {}),
    ended,
  ])
  return { view, listed, ended }
}

/** A view of a namespace as it is now. */
export async function readView(
  client: KubeClient,
  namespace: string,
  workloads: readonly string[],
  signal?: AbortSignal,
): Promise<ClusterView> {
  const view = emptyView()
  await Promise.all(
    sourcesFor(workloads).map(async ({ apiVersion, kind, explains }) => {
      try {
        const { items } = await client.list({ apiVersion, kind, namespace }, { signal })
        for (const object of items) enter(view, kind, object)
      } catch (error) {
        if (!explains || !isRefusal(error, 'Forbidden')) throw error
      }
    }),
  )
  return view
}

/** Puts what was read just now in the place of what watches have reported. */
export function renewView(view: ClusterView, read: ClusterView): void {
  for (const part of ['objects', 'pods', 'replicaSets', 'nodes'] as const)
    renew<KubeObject>(view[part], read[part])
  renew(view.events, read.events)
}

function renew<T>(map: Map<string, T>, read: ReadonlyMap<string, T>): void {
  map.clear()
  for (const [key, value] of read) map.set(key, value)
}

async function followKind(
  client: KubeClient,
  view: ClusterView,
  collection: CollectionReference,
  signal: AbortSignal,
  onStep: () => void,
): Promise<void> {
  for await (const step of client.watch(collection, { signal })) {
    if (step.type === 'listed') {
      forgetKind(view, collection.kind)
      for (const object of step.objects) enter(view, collection.kind, object)
    } else if (step.type === 'changed') enter(view, collection.kind, step.object)
    else if (step.type === 'removed') leave(view, collection.kind, step.object)
    else if (step.type === 'lost') view.lost.set(collection.kind, step.error)
    else view.lost.delete(collection.kind)
    onStep()
  }
}

function mapOf(view: ClusterView, kind: string): Map<string, KubeObject> {
  if (kind === 'Pod') return view.pods
  if (kind === 'Node') return view.nodes
  return kind === 'ReplicaSet' ? view.replicaSets : view.objects
}

/** Puts an object that was listed or watched into the view. */
export function enter(view: ClusterView, kind: string, object: KubeObject): void {
  if (kind === 'Event') {
    const about = object.involvedObject.uid
    const events = view.events.get(about) ?? new Map<string, KubeObject>()
    events.set(object.metadata.name, { ...object, message: withoutIds(object.message ?? '') })
    view.events.set(about, events)
  } else mapOf(view, kind).set(keyIn(kind, object), object)
}

/** An event's message without what differs between two events of one cause. */
function withoutIds(message: string): string {
  return message
    .replace(/^\(combined from similar events\): /, '')
    .replace(/ (for )?sandbox "[0-9a-f]{64}"/g, '')
    .trim()
}

function leave(view: ClusterView, kind: string, object: KubeObject): void {
  if (kind === 'Event') view.events.get(object.involvedObject.uid)?.delete(object.metadata.name)
  else mapOf(view, kind).delete(keyIn(kind, object))
}

function forgetKind(view: ClusterView, kind: string): void {
  if (kind === 'Event') view.events.clear()
  else {
    const objects = mapOf(view, kind)
    for (const [key, object] of objects) if (object.kind === kind) objects.delete(key)
  }
}

/** Kinds that have a map of their own. */
const BY_NAME = new Set(['Pod', 'ReplicaSet', 'Node'])

function keyIn(kind: string, object: KubeObject): string {
  return BY_NAME.has(kind) ? object.metadata.name : objectId(object)
}

/** The events about an object, the latest last. */
export function eventsOf(view: ClusterView, object: KubeObject): KubeObject[] {
  const events = [...(view.events.get(object.metadata.uid as string)?.values() ?? [])]
  return events.sort((a, b) => {
    const [one, other] = [eventTime(a), eventTime(b)]
    return one === other ? writtenAt(a) - writtenAt(b) : one < other ? -1 : 1
  })
}

/** Events of one second are ordered as they were written. */
function writtenAt({ metadata }: KubeObject): number {
  return Number(metadata.resourceVersion) || 0
}

/** When an event happened last. */
export function eventTime({ lastTimestamp, eventTime, metadata }: KubeObject): string {
  return lastTimestamp ?? eventTime ?? metadata.creationTimestamp ?? ''
}
