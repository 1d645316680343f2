import {
  COMPOSE_SERVICE_ANNOTATION,
  type KubeClient,
  type KubeObject,
  objectId,
} from '@landfall/kube'
import { eventTime } from '../view/view.ts'
import type { Member, Members } from './members.ts'

/** Something that the cluster reports about an object of a release, as often as it was repeated. */
export interface ReleaseEvent {
  /** The service that it is about; absent for an object of no service. */
  service?: string
  /** `pod/web-5d8f-abcde`: the one of the last time. */
  object: string
  type: 'Normal' | 'Warning'
  reason: string
  message: string
  /** How often it happened, over all objects of the service. */
  count: number
  /** RFC 3339. */
  first: string
  last: string
}

const EVENTS = { apiVersion: 'v1', kind: 'Event' }

/** The events about these services, or about everything in the namespace of the release, the newest last; repeated ones are one. */
export async function readEvents(
  client: KubeClient,
  members: Members,
  chosen: readonly Member[] | undefined,
  { since, signal }: { since?: number; signal?: AbortSignal } = {},
): Promise<ReleaseEvent[]> {
  const { namespace } = members.reference
  const { items } = await client.list({ ...EVENTS, namespace }, { signal })
  return foldEvents(items.map((event) => readEvent(event, members)).filter(wanted(chosen, since)))
}

/** Events as they happen, until the signal is aborted; those before `since` (milliseconds since 1970) are left out. */
export async function* watchEvents(
  client: KubeClient,
  members: Members,
  chosen: readonly Member[] | undefined,
  { since, signal }: { since?: number; signal: AbortSignal },
): AsyncGenerator<ReleaseEvent> {
  const { namespace } = members.reference
  const seen = new Map<string, number>()
  const isWanted = wanted(chosen, since)
  for await (const step of client.watch({ ...EVENTS, namespace }, { signal })) {
    if (step.type === 'removed') seen.delete(step.object.metadata.uid as string)
    if (step.type !== 'listed' && step.type !== 'changed') continue
    const found = (step.type === 'listed' ? step.objects : [step.object]).map((object) => ({
      uid: object.metadata.uid as string,
      event: readEvent(object, members),
    }))
    const fresh = found.filter(({ uid, event }) => (seen.get(uid) ?? 0) < event.count)
    for (const { uid, event } of fresh) seen.set(uid, event.count)
    yield* foldEvents(fresh.map(({ event }) => event).filter(isWanted))
  }
}

function wanted(chosen: readonly Member[] | undefined, since = 0) {
  const services = new Set(chosen?.map(({ service }) => service))
  return ({ service, last }: ReleaseEvent): boolean =>
    Date.parse(last) >= since && (chosen === undefined || services.has(service ?? ''))
}

function readEvent(event: KubeObject, members: Members): ReleaseEvent {
  const { involvedObject = {}, reason = '', message = '', type, count, series } = event
  const { kind = '', name = '' } = involvedObject
  const last = eventTime({ ...event, eventTime: series?.lastObservedTime ?? event.eventTime })
  const service = serviceOf(involvedObject, members)
  return {
    ...(service === undefined ? {} : { service }),
    object: `${String(kind).toLowerCase()}/${name}`,
    type: type === 'Warning' ? 'Warning' : 'Normal',
    reason,
    message: String(message).trim(),
    count: series?.count ?? count ?? 1,
    first: event.firstTimestamp ?? event.eventTime ?? event.metadata.creationTimestamp ?? last,
    last,
  }
}

/** The service that an object was made for: by its own name, or by that of its workload, with which the names of its ReplicaSets and pods begin. */
function serviceOf(
  { kind, name, fieldPath }: { kind?: string; name?: string; fieldPath?: string },
  { members, services, workloads, owners }: Members,
): string | undefined {
  const written = name ?? ''
  const container = /\{(.+)\}/.exec(fieldPath ?? '')?.[1]
  if (kind === 'PersistentVolumeClaim')
    return members.find(({ workload }) => mountsClaim(workload, written))?.service
  if (kind === 'Service') {
    const service = services.find(({ metadata }) => metadata.name === written)
    const named = service?.metadata.annotations?.[COMPOSE_SERVICE_ANNOTATION]
    const owner = owners.get(written)
    return named ?? members.find(({ workload }) => objectId(workload) === owner)?.service
  }
  const [workload] = workloads
    .filter(({ metadata }) => written === metadata.name || written.startsWith(`${metadata.name}-`))
    .sort((a, b) => b.metadata.name.length - a.metadata.name.length)
  const own = members.filter((member) => member.workload === workload)
  const inside = own.find(
    ({ containers }) => container !== undefined && containers.includes(container),
  )
  return (inside ?? own[0])?.service
}

function mountsClaim({ spec }: KubeObject, claim: string): boolean {
  const volumes: { persistentVolumeClaim?: { claimName: string } }[] =
    spec?.template?.spec?.volumes ?? []
  return volumes.some(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName === claim)
}

/** Events of one service with one reason and one message are one, whichever pod they are about; in the order of their last times. */
export function foldEvents(events: readonly ReleaseEvent[]): ReleaseEvent[] {
  const folded = new Map<string, ReleaseEvent>()
  for (const event of [...events].sort(byLast)) {
    const { service, object, type, reason, message } = event
    const key = [service ?? object, type, reason, withoutNames(message, object)].join('\n')
    const before = folded.get(key)
    folded.delete(key)
    folded.set(key, {
      ...event,
      count: event.count + (before?.count ?? 0),
      first: before === undefined || event.first < before.first ? event.first : before.first,
    })
  }
  return [...folded.values()]
}

function byLast(a: ReleaseEvent, b: ReleaseEvent): number {
  return a.last === b.last ? 0 : a.last < b.last ? -1 : 1
}

/** A message without what differs between two pods: their names, ids and addresses. */
function withoutNames(message: string, object: string): string {
  const name = object.slice(object.indexOf('/') + 1)
  return message
    .replaceAll(name, '')
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}|[0-9a-f]{64}/g, '')
    .replace(/\d+(?:\.\d+){3}(?::\d+)?/g, '')
    .replace(/\b[a-z0-9-]+-[a-z0-9]{5}\b/g, '')
    .replace(/\b\d+(?:\.\d+)?(?:ms|s|m)\b/g, '')
}
