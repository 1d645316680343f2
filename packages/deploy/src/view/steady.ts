import type { KubeObject } from '@landfall/kube'
import { containersOf, endsOf, goesOn, type ObservedContainer } from './containers.ts'
import type { Sightings } from './sightings.ts'

/**
 * So long a program must have run before it counts as up. Most programs that cannot work end within seconds, but not
 * all: one that gives up on a peer after a time-out takes 10 to 20 s.
 */
const WATCH_MS = 25_000

/** After an end in an earlier deploy this is watched at most: what happened before this run says little about it. */
const WATCH_AFTER_OLD_END_MS = 60_000

/** What shows for how long a container has run. */
export interface RunMemory {
  sightings: Sightings
  /** Milliseconds since the first look. */
  sinceBegin: number
  /** The API server's clock, in milliseconds since 1970; undefined if unknown. */
  serverNow: number | undefined
  /** How often a container had ended at the first look, by `endsKey`; absent for one that was made later. */
  endsBefore: ReadonlyMap<string, number>
}

/** The container of a pod that still has to prove that it stays up, and whether it has ended before; undefined if all have. */
export function unsteadyIn(
  pod: KubeObject,
  memory: RunMemory,
): { message: string; ended: boolean } | undefined {
  for (const container of containersOf(pod)) {
    if (!goesOn(container) || !container.running) continue
    if (remainingWatch(pod, container, memory) <= 0) continue
    const ended = endsOf(container) > 0
    const what = ended ? `${container.name} ended and runs again` : 'ready'
    return { message: `${what}; watching whether ${ended ? 'it' : container.name} stays up`, ended }
  }
  return undefined
}

/** Milliseconds that a running container has to keep running before it counts as up: clearly longer than it lived before it ended. */
function remainingWatch(pod: KubeObject, container: ObservedContainer, memory: RunMemory): number {
  const { sightings, sinceBegin, serverNow } = memory
  const seen = sightings.since(`run ${endsKey(pod, container)} ${endsOf(container)}`)
  const began = Date.parse(container.startedAt ?? '')
  const byServer = serverNow === undefined || Number.isNaN(began) ? 0 : serverNow - began
  // Without a clock to compare with, what ran at the first look and has never ended is taken to have run for long.
  if (byServer === 0 && seen >= sinceBegin && endsOf(container) === 0) return 0
  return neededLife(pod, container, memory) - Math.max(seen, byServer)
}

function neededLife(pod: KubeObject, container: ObservedContainer, memory: RunMemory): number {
  if (container.lastEnd === undefined || endsOf(container) === 0) return WATCH_MS
  const { startedAt, finishedAt } = container.lastEnd
  const life = Date.parse(finishedAt ?? '') - Date.parse(startedAt ?? '')
  const clearlyLonger = Math.max(WATCH_MS, (Number.isNaN(life) ? 0 : life) * 1.5 + 10_000)
  return endsInRun(pod, container, memory) > 0
    ? clearlyLonger
    : Math.min(clearlyLonger, WATCH_AFTER_OLD_END_MS)
}

/** How often a container has ended since the first look. */
export function endsInRun(
  pod: KubeObject,
  container: ObservedContainer,
  { endsBefore }: Pick<RunMemory, 'endsBefore'>,
): number {
  return endsOf(container) - (endsBefore.get(endsKey(pod, container)) ?? 0)
}

/** Key of a container of a pod, whatever its run. */
export function endsKey(pod: KubeObject, { name }: Pick<ObservedContainer, 'name'>): string {
  return `${pod.metadata.uid} ${name}`
}
