import type { KubeObject } from '@landfall/kube'
import { containersOf, endsOf } from './containers.ts'
import type { Sightings } from './sightings.ts'

/** The cluster starts a container that ended again within this time at first, so one that lasts longer has come through. */
const STEADY_MS = 10_000

/**
 * A program without a probe is ready as soon as it runs, also between two crashes: one that ended while we looked on
 * counts as ready only when it has stayed up for a while since. A sentence for people, or undefined.
 */
export function restartedLately(
  pod: KubeObject,
  sightings: Sightings,
  sinceBegin: number,
): string | undefined {
  for (const container of containersOf(pod)) {
    const ends = endsOf(container)
    if (container.gate || (container.init && !container.sidecar) || ends === 0) continue
    const forMs = sightings.since(`crash ${pod.metadata.uid} ${container.name} ${ends}`)
    if (forMs < sinceBegin && forMs < STEADY_MS)
      return `${container.name} in pod ${pod.metadata.name} ended and runs again: whether it stays up`
  }
  return undefined
}
