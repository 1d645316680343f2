import type { KubeObject } from '@landfall/kube'
import { type Container, containersOf, endsOf } from './containers.ts'
import type { Sightings } from './sightings.ts'

/** A program that cannot work where it is mostly ends within this time. */
const STAYS_MS = 3_000

/** The cluster starts a container that ended again within this time at first, so one that lasts longer has come through. */
const COMES_THROUGH_MS = 10_000

/**
 * A program without a probe is ready as soon as it runs, also between two crashes. One that began while we looked on
 * counts as ready only when it has stayed up for a moment, and longer when it has ended before.
 * A sentence for people, or undefined.
 */
export function notSteadyYet(
  pod: KubeObject,
  sightings: Sightings,
  sinceBegin: number,
): string | undefined {
  for (const container of containersOf(pod)) {
    if (container.probed || !container.running || (container.init && !container.sidecar)) continue
    const ends = endsOf(container)
    const forMs = sightings.since(runKey(pod, container))
    const patience = ends === 0 ? STAYS_MS : COMES_THROUGH_MS
    if (forMs >= sinceBegin || forMs >= patience) continue
    return ends === 0
      ? `${container.name} runs without a health check: watching whether it stays up`
      : `${container.name} ended and runs again: watching whether it stays up`
  }
  return undefined
}

/** Key of one run of a container among the sightings. */
function runKey(pod: KubeObject, container: Container): string {
  return `run ${pod.metadata.uid} ${container.name} ${endsOf(container)}`
}
