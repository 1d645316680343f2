import type { Clock, KubeClient } from '@landfall/kube'
import type { CheckResult } from '../checks/result.ts'
import { runChecks } from '../checks/run-checks.ts'
import type { DeployEvent, Failure } from '../events.ts'
import type { ReleaseReference } from '../release/release.ts'
import { checkOf, type DoneEffect, goneFailure } from './done-effects.ts'

/** Whether what complete one-shots have done is still there, tested from inside the cluster during the wait. */
export interface Effects {
  /** Tests while everything is ready, from the first call with true on; starts again after something was not. */
  whileReady(ready: boolean): void
  /** All hold, or it cannot be known. */
  hold(): boolean
  /** Why nothing is known of some; undefined where all are known. */
  unknown(): string | undefined
  /** The first that is gone, and does not come back. */
  failure(): Failure | undefined
  /** Fulfilled when nothing of it is left in the cluster, after the signal is aborted. */
  ended(): Promise<void>
}

export interface EffectsOptions {
  client: KubeClient
  reference: ReleaseReference
  /** Of the test pod. */
  image: string
  effects: readonly DoneEffect[]
  onEvent: (event: DeployEvent) => void
  onChange: () => void
  clock: Clock
  signal: AbortSignal
}

export function watchEffects(options: EffectsOptions): Effects {
  const { client, reference, image, effects, onEvent, onChange, clock, signal } = options
  let round: AbortController | undefined
  let rounds = Promise.resolve()
  let results: CheckResult[] | undefined
  const run = async (own: AbortController): Promise<void> => {
    if (own !== round || signal.aborted) return
    const waits = new Map<string, string>()
    const found = await runChecks({
      ...{ client, reference, image, clock },
      checks: effects.map(checkOf),
      onRetry(object, message) {
        if (own !== round || waits.get(object) === message) return
        waits.set(object, message)
        onEvent({
          type: 'wait',
          object,
          message: `it is complete, but its effect is gone: ${message}`,
        })
      },
      onResult({ name: object, state, ms }) {
        if (own === round && state === 'holds' && waits.has(object))
          onEvent({ type: 'ready', object, ms })
      },
      signal: AbortSignal.any([own.signal, signal]),
    }).catch((error): CheckResult[] => {
      if (!own.signal.aborted && !signal.aborted) throw error
      return []
    })
    if (own !== round) return
    results = found
    onChange()
  }
  const over = () => effects.length === 0 || results !== undefined
  return {
    whileReady(ready) {
      if (effects.length === 0 || ready === (round !== undefined)) return
      round?.abort()
      round = undefined
      results = undefined
      if (!ready) return
      round = new AbortController()
      const own = round
      rounds = rounds.then(() => run(own))
    },
    hold: () => over() && !results?.some(({ state }) => state === 'fails'),
    unknown: () => results?.find(({ state }) => state === 'unknown')?.message,
    failure: () => failureOf(effects, results ?? []),
    ended: () => rounds,
  }
}

function failureOf(
  effects: readonly DoneEffect[],
  results: readonly CheckResult[],
): Failure | undefined {
  const gone = results.find(({ state }) => state === 'fails')
  const effect = effects.find(({ object }) => object === gone?.name)
  return gone === undefined || effect === undefined
    ? undefined
    : goneFailure(effect, gone.message ?? '')
}
