import { type Clock, isRefusal, type KubeClient, machineClock } from '@landfall/kube'
import { checkFromInside } from '../answers/check-pod.ts'
import { whyUnknown } from '../answers/test-pod.ts'
import { ownNamespace, readNamespace } from '../release/namespace.ts'
import type { ReleaseReference } from '../release/release.ts'

/** Milliseconds: one that does not answer takes 2 seconds, and each is tried twice. */
const PATIENCE_MS = { start: 5_000, each: 4_500 }

export interface ReachOptions extends ReleaseReference {
  client: KubeClient
  /** An image with sh, sleep and curl. */
  image: string
  /** For each port the `host:port` at which it may be, the best first. */
  ports: readonly (readonly string[])[]
  clock?: Clock
  signal: AbortSignal
}

/** For each port where it has answered, undefined where it has not; or why that is not known. */
export type Reached = { answered: readonly (string | undefined)[] } | { unknown: string }

/**
 * Connects to ports elsewhere from a pod in the namespace of a release, which is created if it is not there: programs of the release will
 * connect from there. Ends when each port has answered, or has had its time.
 */
export async function reachFrom(options: ReachOptions): Promise<Reached> {
  const { client, release, namespace, ports, clock = machineClock, signal } = options
  const answered = new Set<string>()
  const stop = new AbortController()
  const isDone = () => ports.every((hosts) => hosts.some((one) => answered.has(one)))
  // the best place of each port first: most often the others are not needed
  const most = Math.max(0, ...ports.map((places) => places.length))
  const ranked = Array.from({ length: most }, (_, rank) =>
    ports.flatMap((places) => places.slice(rank, rank + 1)),
  )
  const pairs = [...new Set(ranked.flat())]
  const patienceMs = PATIENCE_MS.start + pairs.length * PATIENCE_MS.each
  try {
    if (pairs.length === 0) return { answered: ports.map(() => undefined) }
    if ((await readNamespace(client, namespace, signal)) === undefined)
      await client.create(ownNamespace({ release, namespace }), signal).catch((error) => {
        if (!isRefusal(error, 'AlreadyExists')) throw error
      })
    await checkFromInside({
      client,
      reference: { release, namespace },
      ...{ image: options.image, pairs, clock },
      onStart: () =>
        void clock.sleep(patienceMs, stop.signal).then(
          () => stop.abort(),
          () => {},
        ),
      onAnswer(pair) {
        answered.add(pair)
        if (isDone()) stop.abort()
      },
      signal: AbortSignal.any([stop.signal, signal]),
    })
  } catch (error) {
    if (signal.aborted) throw error
    if (!stop.signal.aborted) return { unknown: whyUnknown(error) }
  } finally {
    stop.abort()
  }
  return { answered: ports.map((hosts) => hosts.find((one) => answered.has(one))) }
}
