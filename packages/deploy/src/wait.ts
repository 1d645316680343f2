import { setTimeout as pause } from 'node:timers/promises'
import type { KubeClient } from '@landfall/kube'
import { type Assessment, decisive } from './assess.ts'
import { assessOverTime } from './assess-over-time.ts'
import type { DeployEvent, Failure } from './events.ts'
import { failureOf } from './failure.ts'
import { followGateLines } from './gates.ts'
import { watchView } from './view.ts'

/** Some failures are told by time alone, so the cluster is looked at this often even when nothing changes. */
const TICK_MS = 1_000

/** Changes come in bursts. */
const BURST_MS = 50

export interface WaitOptions {
  client: KubeClient
  namespace: string
  /** Object ids of the workloads to wait for. */
  workloads: readonly string[]
  /** Whether this deploy changed anything: then what crashed before it may be well now. */
  changed: boolean
  onEvent: (event: DeployEvent) => void
  now: () => number
  /** Gives up so long after the wait began; never when silent. */
  timeoutMs?: number | undefined
  signal?: AbortSignal | undefined
}

/**
 * Waits until every workload is ready or one has failed for good; undefined when all are ready.
 * Throws the signal's reason when it is aborted, and a StatusError or ConnectionError when the cluster cannot be watched.
 */
export async function waitUntilSettled(options: WaitOptions): Promise<Failure | undefined> {
  const { client, namespace, workloads, changed, onEvent, now, timeoutMs, signal } = options
  const stop = new AbortController()
  const stopped = signal === undefined ? stop.signal : AbortSignal.any([signal, stop.signal])
  const change = wakeUp()
  const { view, listed, ended } = watchView(client, namespace, workloads, change.call, stopped)
  const broken = ended.then(() => new Promise<never>(() => {}))
  broken.catch(() => {})
  const gateLines = new Map<string, string>()
  try {
    await Promise.race([listed, broken])
    void followGateLines(client, namespace, view, gateLines, change.call, stopped)
    const beganAt = now()
    const assessAt = assessOverTime(workloads, changed)
    const tell = teller(onEvent, now)
    for (;;) {
      signal?.throwIfAborted()
      const at = now()
      const assessments = assessAt(view, gateLines, at)
      tell(assessments)
      const conclude = async (named: Assessment): Promise<Failure> => {
        const also = othersInTrouble(assessments, named)
        const failure = await failureOf(client, namespace, view, named, signal)
        return also.length === 0 ? failure : { ...failure, also }
      }
      const failed = decisive(assessments)
      if (failed !== undefined) return await conclude(failed)
      const open = assessments.filter(({ status }) => status.state !== 'current')
      if (open.length === 0) return undefined
      if (timeoutMs !== undefined && at - beganAt >= timeoutMs)
        return await conclude(timedOut(open, timeoutMs))
      await Promise.race([change.next(), pause(TICK_MS, undefined, { ref: false }), broken])
      await pause(BURST_MS)
    }
  } finally {
    stop.abort()
  }
}

function othersInTrouble(
  assessments: readonly Assessment[],
  named: Assessment,
): { object: string; reason: string }[] {
  return assessments.flatMap(({ object, finding }) =>
    finding === undefined || object === named.object ? [] : [{ object, reason: finding.reason }],
  )
}

/** The workload to name when time is up: one that is not held back by another, if there is one. */
function timedOut(open: readonly Assessment[], timeoutMs: number): Assessment {
  const named = (open.find(({ finding }) => finding !== undefined) ??
    open.find(({ gated }) => !gated) ??
    open[0]) as Assessment
  const reason = `not ready after ${Math.round(timeoutMs / 1000)} s`
  const hint = 'wait longer, or look at what it waits for'
  return {
    ...named,
    finding: { hint, message: named.message, ...named.finding, reason, final: true },
  }
}

/** Tells what has changed since the last time. */
function teller(
  onEvent: (event: DeployEvent) => void,
  now: () => number,
): (assessments: readonly Assessment[]) => void {
  const beganAt = now()
  const told = new Map<string, string>()
  return (assessments) => {
    for (const { object, status, message } of assessments) {
      const ready = status.state === 'current'
      const text = ready ? 'ready' : message
      if (told.get(object) === text) continue
      told.set(object, text)
      if (ready) onEvent({ type: 'ready', object, ms: Math.round(now() - beganAt) })
      else onEvent({ type: 'wait', object, message })
    }
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
