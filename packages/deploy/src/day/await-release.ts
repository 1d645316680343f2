import { type Clock, type KubeClient, machineClock, objectId } from '@landfall/kube'
import { type ProbeAddress, type ReachPort, releaseAddresses } from '../answers/addresses.ts'
import { patientClient } from '../apply/patiently.ts'
import { awaitEffects } from '../effects/await-effects.ts'
import type { DeployEvent, Verdict } from '../events.ts'
import { followServer } from '../wait/heartbeat.ts'
import { type Settled, waitUntilSettled } from '../wait/wait.ts'
import type { Members } from './members.ts'
import { readWaits, withAwaited } from './waits.ts'

export interface AwaitOptions {
  client: KubeClient
  onEvent?: (event: DeployEvent) => void
  /** Probes a published address; if omitted, published ports are not probed. */
  probeAddress?: ProbeAddress
  reachPort?: ReachPort
  /** Gives up so many milliseconds after the first request; never if omitted. */
  timeoutMs?: number
  signal?: AbortSignal
  /** The machine's if omitted. */
  clock?: Clock
}

/**
 * Waits until workloads of a release, and those that they wait for, are ready and stay so, or one has failed for good: the verdict of a deploy,
 * without changing anything. All of the release if `objects` is omitted. Throws as `deployRelease`.
 */
export async function awaitRelease(
  options: AwaitOptions,
  members: Members,
  objects?: readonly string[],
): Promise<Verdict> {
  const { onEvent = () => {}, timeoutMs } = options
  const clock = options.clock ?? machineClock
  const beganAt = clock.now()
  const deadline = timeoutMs === undefined ? undefined : { at: beganAt + timeoutMs, timeoutMs }
  const settled = await settle({ ...options, clock, onEvent }, members, objects, deadline)
  const verdict = verdictOf(settled, clock.now() - beganAt)
  if (verdict.failure !== undefined) onEvent({ type: 'failed', failure: verdict.failure })
  onEvent({ type: 'verdict', verdict })
  return verdict
}

/** The verdict of a wait that took so many milliseconds. */
export function verdictOf(settled: Settled, ms: number): Verdict {
  const { failure, addresses, watchedMs, untestedEffects } = settled
  if (failure !== undefined) return { state: 'failed', failure, addresses: [], ms: Math.round(ms) }
  return {
    ...{ state: 'ready', addresses: [...addresses], ms: Math.round(ms - watchedMs), watchedMs },
    ...(untestedEffects !== undefined && { untestedEffects }),
  }
}

/** The wait of {@link awaitRelease}, until a time on the clock. */
export async function settle(
  options: AwaitOptions & { clock: Clock; onEvent: (event: DeployEvent) => void },
  members: Members,
  objects: readonly string[] | undefined,
  deadline: { at: number; timeoutMs: number } | undefined,
): Promise<Settled> {
  const { clock, onEvent, probeAddress, reachPort, signal } = options
  const { reference, owners, workloads } = members
  const { namespace } = reference
  const over = new AbortController()
  const both = AbortSignal.any([over.signal, ...(signal ? [signal] : [])])
  const client = patientClient(options.client, clock, both)
  const server = followServer(options.client, namespace, onEvent, clock, both)
  try {
    const waits = await readWaits(client, members, signal)
    const awaited = withAwaited(objects ?? workloads.map(objectId), waits)
    const isAwaited = new Set(awaited)
    const settled = await waitUntilSettled({
      client,
      namespace,
      workloads: awaited,
      owners,
      server,
      probePublished:
        probeAddress === undefined
          ? undefined
          : async () => {
              const found = await releaseAddresses({
                ...reference,
                ...{ client, probeAddress, reachPort, signal },
              })
              return found.filter(({ publishedBy }) => {
                const owner = owners.get(publishedBy)
                return owner !== undefined && isAwaited.has(owner) && serves(members, owner)
              })
            },
      onEvent,
      clock,
      deadline,
      signal,
    })
    if (settled.failure !== undefined) return settled
    const among = workloads.filter((one) => isAwaited.has(objectId(one)))
    const about = { client, namespace, objects: among, onEvent, clock, deadline, signal }
    return { ...settled, ...(await awaitEffects(about)) }
  } finally {
    over.abort()
  }
}

/** A one-shot, or a workload without copies, need not answer. */
function serves({ workloads }: Members, owner: string): boolean {
  const workload = workloads.find((one) => objectId(one) === owner)
  return workload !== undefined && workload.kind !== 'Job' && workload.spec?.replicas !== 0
}
