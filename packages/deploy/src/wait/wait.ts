import type { Clock, KubeClient, ReleaseChecks } from '@landfall/kube'
import type { Address } from '../answers/addresses.ts'
import { type Connection, watchConnections } from '../answers/connections.ts'
import { watchPublished } from '../answers/published.ts'
import { type Assessment, decisive, type FailedAssessment, hasFinding } from '../assess/assess.ts'
import { assessOverTime } from '../assess/assess-over-time.ts'
import { failureOf } from '../assess/failure.ts'
import type { Owners } from '../assess/roots.ts'
import { reasonOf, timedOut } from '../assess/timed-out.ts'
import { findUnanswered } from '../assess/unanswered.ts'
import type { CheckResult } from '../checks/result.ts'
import { watchChecks } from '../checks/watch-checks.ts'
import type { DoneEffect } from '../effects/done-effects.ts'
import { watchEffects } from '../effects/watch-effects.ts'
import type { DeployEvent, Failure, Unreachable } from '../events.ts'
import { projectSource, type ReleaseReference } from '../release/release.ts'
import { followGateLines } from '../view/gate-lines.ts'
import { rememberSightings } from '../view/sightings.ts'
import { type ClusterView, watchView } from '../view/view.ts'
import type { Heartbeat } from './heartbeat.ts'
import { reporter } from './reporter.ts'
import { upToDate } from './up-to-date.ts'

/** Some failures are known by time alone, so the cluster is looked at this often even when nothing changes. */
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
  /** Connections that services make, and the image of the pod that tests them; not tested if omitted. */
  connections?: { among: readonly Connection[]; image: string; reference: ReleaseReference }
  /** Effects of one-shots, tested in a pod of this image; not tested if omitted. */
  effects?: { among: readonly DoneEffect[]; image: string; reference: ReleaseReference }
  /** What has to hold when everything is ready. */
  checks?: ReleaseChecks & { reference: ReleaseReference }
  /** Probes every published port once; they are not probed if omitted. */
  probePublished?: (() => Promise<Address[]>) | undefined
  server: Heartbeat
  onEvent: (event: DeployEvent) => void
  clock: Clock
  /** When to give up, on this clock; never if omitted. */
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
  /** Why it is not known whether what one-shots have done is still there. */
  untestedEffects?: string
  /** What is outside of the project and does not answer. */
  unreachable?: Unreachable[]
  /** How the checks ended, if there are any and it came to them. */
  checks?: CheckResult[]
}

/**
 * Waits until every workload is ready and stays so, or one has failed for good. Throws the signal's reason when it is
 * aborted, and a StatusError or ConnectionError when the cluster cannot be watched.
 */
export async function waitUntilSettled(options: WaitOptions): Promise<Settled> {
  const { client, namespace, workloads, owners, server, onEvent, clock, deadline, signal } = options
  const { now } = clock
  const stop = new AbortController()
  const stopped = signal === undefined ? stop.signal : AbortSignal.any([signal, stop.signal])
  const change = wakeUp()
  const reported = () => {
    current.heard()
    change.call()
  }
  const { view, listed, ended } = watchView(client, namespace, workloads, reported, stopped)
  const current = upToDate({ client, namespace, workloads, view, clock, signal: stopped })
  const broken = ended.then(() => new Promise<never>(() => {}))
  broken.catch(() => {})
  const gateLines = new Map<string, string>()
  const ports = watchPublished(options.probePublished, owners, change.call, clock, stopped)
  const inside = watchConnections({
    client,
    reference: options.connections?.reference ?? { release: '', namespace },
    image: options.connections?.image ?? '',
    connections: options.connections?.among ?? [],
    owners,
    onChange: change.call,
    clock,
    signal: stopped,
  })
  const effects = watchEffects({
    client,
    reference: options.effects?.reference ?? { release: '', namespace },
    image: options.effects?.image ?? '',
    effects: options.effects?.among ?? [],
    onEvent,
    onChange: change.call,
    clock,
    signal: stopped,
  })
  const { checks: among = [], ...forChecks } = options.checks ?? {
    image: '',
    reference: { release: '', namespace },
  }
  const checks = watchChecks({
    client,
    ...forChecks,
    checks: among,
    onEvent,
    onChange: change.call,
    clock,
    signal: stopped,
  })
  const checked = () => {
    const results = checks.results()
    return among.length > 0 && results !== undefined ? { checks: results } : {}
  }
  try {
    await withinTime(clock, deadline && deadline.at - now(), [listed, broken])
    current.listed()
    void followGateLines({
      client,
      namespace,
      view,
      lines: gateLines,
      onChange: change.call,
      clock,
      signal: stopped,
    })
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
      effects.whileReady(allReady && !stale)
      const serves = ports.answered() && inside.answered() && effects.hold()
      checks.whileReady(allReady && !stale && serves)
      if (!stale) {
        report.workloads(assessments)
        report.ports(ports, inside)
      }
      const conclude = async (named: FailedAssessment): Promise<Settled> => {
        const also = othersInTrouble(assessments, named)
        const failure = await failureOf(client, namespace, view, named, signal)
        const completed = named.finding.completed ? completedOf(assessments, view) : []
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
      const broke = stale ? undefined : (effects.failure() ?? checks.failure())
      const answered = ports.answered() && inside.answered() && effects.hold() && checks.hold()
      const ready = open.length === 0 && answered && !stale
      const late = deadline !== undefined && at >= deadline.at
      if (failed !== undefined || broke !== undefined || ready || (late && !stale)) {
        const known = await current.toConclude()
        if (known === 'again') continue
        if (known === 'away' && !late) {
          await clock.sleep(TICK_MS)
          continue
        }
      } else if (!stale && (await current.inSilence())) continue
      if (failed !== undefined) return await conclude(failed)
      if (broke !== undefined)
        return { failure: broke, addresses: ports.addresses(), watchedMs: 0, ...checked() }
      if (ready) {
        const untested = inside.unknown()
        const untestedEffects = effects.unknown()
        const unreachable = inside.unreachable().map(({ pair, by }) => ({ address: pair, by }))
        return {
          addresses: ports.addresses(),
          watchedMs: report.readyForMs(),
          ...(untested === undefined ? {} : { untested }),
          ...(untestedEffects === undefined ? {} : { untestedEffects }),
          ...(unreachable.length > 0 && { unreachable }),
          ...checked(),
        }
      }
      const unchecked = late ? checks.timedOut(reasonOf(deadline.timeoutMs)) : undefined
      if (unchecked !== undefined && !stale)
        return { failure: unchecked, addresses: ports.addresses(), watchedMs: 0 }
      if (late)
        return await conclude(
          timedOut(assessments, owners, deadline.timeoutMs, ports.pending(), lost),
        )
      await withinTime(clock, TICK_MS, [change.next(), broken])
      await clock.sleep(BURST_MS)
    }
  } finally {
    stop.abort()
    await withinTime(clock, CLEAN_UP_MS, [
      Promise.all([inside.ended(), effects.ended(), checks.ended()]).then(() => {}),
    ])
  }
}

/** The sources of all services that have done their work. */
function completedOf(assessments: readonly Assessment[], view: ClusterView): string[] {
  return assessments
    .filter(({ finding }) => finding?.completed)
    .flatMap(
      ({ object, finding }) => projectSource(view.objects.get(object), finding?.container) ?? [],
    )
}

function othersInTrouble(
  assessments: readonly Assessment[],
  named: Assessment,
): NonNullable<Failure['also']> {
  return assessments
    .filter(hasFinding)
    .filter(({ object }) => object !== named.object)
    .map(({ object, finding: { code, reason } }) => ({ object, code, reason }))
}

/** Settled with the first of some promises, and fulfilled after so many milliseconds; only with them if omitted. */
async function withinTime(
  clock: Clock,
  ms: number | undefined,
  promises: readonly Promise<void>[],
): Promise<void> {
  if (ms === undefined) return Promise.race(promises)
  const settled = new AbortController()
  const over = clock.sleep(Math.max(0, ms), settled.signal).catch(() => {})
  try {
    await Promise.race([...promises, over])
  } finally {
    settled.abort()
  }
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
