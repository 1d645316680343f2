import { setTimeout as pause } from 'node:timers/promises'
import type { KubeClient } from '@landfall/kube'
import type { Address } from '../answers/addresses.ts'
import { type Connection, watchConnections } from '../answers/connections.ts'
import { watchPublished } from '../answers/published.ts'
import { type Assessment, decisive } from '../assess/assess.ts'
import { assessOverTime } from '../assess/assess-over-time.ts'
import { failureOf } from '../assess/failure.ts'
import type { Owners } from '../assess/roots.ts'
import { timedOut } from '../assess/timed-out.ts'
import { findUnanswered } from '../assess/unanswered.ts'
import type { DeployEvent, Failure } from '../events.ts'
import { type ReleaseReference, sourceOf } from '../release/release.ts'
import { followGateLines } from '../view/gate-lines.ts'
import { rememberSightings } from '../view/sightings.ts'
import { type ClusterView, watchView } from '../view/view.ts'
import type { Heartbeat } from './heartbeat.ts'
import { reporter } from './reporter.ts'

/** Some failures are told by time alone, so the cluster is looked at this often even when nothing changes. */
const TICK_MS = 1_000

/** What was made for the wait is given so long to go. */
const CLEAN_UP_MS = 5_000

/** Changes come in bursts. */
const BURST_MS = 50

export interface WaitOptions {
  client: KubeClient
  namespace: string
  /** Object ids of the workloads to wait for. */
  workloads: readonly string[]
  /** Which workload answers to a name. */
  owners: Owners
  /** Connections that services make, and the image that asks for them; not asked if omitted. */
  connections?: { among: readonly Connection[]; image: string; reference: ReleaseReference }
  /** Asks every published port once; nobody is asked if omitted. */
  askPublished?: (() => Promise<Address[]>) | undefined
  server: Heartbeat
  onEvent: (event: DeployEvent) => void
  now: () => number
  /** The end of the patience, on the clock of `now`; none if omitted. */
  deadline?: { at: number; timeoutMs: number } | undefined
  signal?: AbortSignal | undefined
}

/** How a wait ended. */
export interface Settled {
  failure?: Failure
  /** Published ports, as they answered last. */
  addresses: readonly Address[]
  /** Milliseconds, before the end, since everything has been ready. */
  watchedMs: number
  /** What could not be tested, and why. */
  untested?: string
}

/**
 * Waits until every workload is ready and stays so, or one has failed for good. Throws the signal's reason when it is
 * aborted, and a StatusError or ConnectionError when the cluster cannot be watched.
 */
export async function waitUntilSettled(options: WaitOptions): Promise<Settled> {
  const { client, namespace, workloads, owners, server, onEvent, now, deadline, signal } = options
  const stop = new AbortController()
  const stopped = signal === undefined ? stop.signal : AbortSignal.any([signal, stop.signal])
  const change = wakeUp()
  const { view, listed, ended } = watchView(client, namespace, workloads, change.call, stopped)
  const broken = ended.then(() => new Promise<never>(() => {}))
  broken.catch(() => {})
  const gateLines = new Map<string, string>()
  const ports = watchPublished(options.askPublished, owners, change.call, now, stopped)
  const inside = watchConnections({
    client,
    reference: options.connections?.reference ?? { release: '', namespace },
    image: options.connections?.image ?? '',
    connections: options.connections?.among ?? [],
    owners,
    onChange: change.call,
    now,
    signal: stopped,
  })
  try {
    await Promise.race([listed, broken, ...(deadline ? [elapse(deadline.at - now())] : [])])
    void followGateLines(client, namespace, view, gateLines, change.call, stopped)
    const assessAt = assessOverTime(workloads)
    const look = rememberSightings()
    const report = reporter(onEvent, now)
    for (;;) {
      signal?.throwIfAborted()
      const at = now()
      const assessments = assessAt(view, gateLines, at, client.serverTime())
      const unanswered = findUnanswered(assessments, owners, look(at))
      const open = assessments.filter(({ status }) => status.state !== 'current')
      const allReady = open.every(({ watched }) => watched !== undefined)
      const lost = server.lost() ?? view.lost.values().next().value
      const stale = lost !== undefined
      ports.whileReady(allReady && !stale)
      inside.whileReady(allReady && !stale)
      if (!stale) {
        report.workloads(assessments)
        report.ports(ports, inside)
      }
      const conclude = async (named: Assessment): Promise<Settled> => {
        const also = othersInTrouble(assessments, named)
        const failure = await failureOf(client, namespace, view, named, signal)
        const completed = named.finding?.completed ? completedOf(assessments, view) : []
        return {
          failure: {
            ...failure,
            ...(also.length === 0 ? {} : { also }),
            ...(completed.length === 0 ? {} : { completed }),
          },
          addresses: ports.addresses(),
          watchedMs: 0,
        }
      }
      // What is shown while the API server is away is of before: nothing is concluded from it.
      const failed = stale
        ? undefined
        : (decisive(assessments) ??
          unanswered[0] ??
          inside.failure(assessments) ??
          ports.failure(assessments))
      if (failed !== undefined) return await conclude(failed)
      if (open.length === 0 && ports.answered() && inside.answered() && !stale) {
        const untested = inside.unknown()
        return {
          addresses: ports.addresses(),
          watchedMs: report.readyForMs(),
          ...(untested === undefined ? {} : { untested }),
        }
      }
      if (deadline !== undefined && at >= deadline.at)
        return await conclude(
          timedOut(assessments, owners, deadline.timeoutMs, ports.pending(), lost),
        )
      await Promise.race([change.next(), pause(TICK_MS, undefined, { ref: false }), broken])
      await pause(BURST_MS)
    }
  } finally {
    stop.abort()
    await Promise.race([inside.ended(), elapse(CLEAN_UP_MS)])
  }
}

/** The sources of all services that have done their work. */
function completedOf(assessments: readonly Assessment[], view: ClusterView): string[] {
  return assessments
    .filter(({ finding }) => finding?.completed)
    .flatMap(({ object, finding }) => sourceOf(view.objects.get(object), finding?.container) ?? [])
}

function othersInTrouble(
  assessments: readonly Assessment[],
  named: Assessment,
): { object: string; reason: string }[] {
  return assessments.flatMap(({ object, finding }) =>
    finding === undefined || object === named.object ? [] : [{ object, reason: finding.reason }],
  )
}

/** Fulfilled after so many milliseconds; does not keep the process alive. */
function elapse(ms: number): Promise<void> {
  return pause(Math.max(0, ms), undefined, { ref: false })
}

/** A bell: `next` is fulfilled at the first call after the last `next`. */
function wakeUp(): { call: () => void; next: () => Promise<void> } {
  let rung = false
  let wake: (() => void) | undefined
  return {
    call() {
      rung = true
      wake?.()
    },
    async next() {
      if (!rung)
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      rung = false
      wake = undefined
    },
  }
}
