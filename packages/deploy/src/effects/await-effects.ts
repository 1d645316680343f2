import type { Clock, KubeClient, KubeObject } from '@landfall/kube'
import type { DeployEvent, Failure } from '../events.ts'
import {
  type DoneEffect,
  doneEffectsOf,
  goneFailure,
  patienceOf,
  untestedReason,
} from './done-effects.ts'
import { readEffect } from './read-effects.ts'

/** Between two tests, in milliseconds. */
const PAUSE_MS = 1_000

export interface AwaitEffectsOptions {
  client: KubeClient
  namespace: string
  /** Complete Jobs, and other objects. */
  objects: readonly KubeObject[]
  onEvent: (event: DeployEvent) => void
  clock: Clock
  /** When to give up, on this clock. */
  deadline?: { at: number } | undefined
  signal?: AbortSignal | undefined
}

/**
 * Waits until what complete one-shots have done is there, as long as it may be away. Gives the failure of the first that stays away, or why
 * something is not known. Throws the reason of the signal.
 */
export async function awaitEffects(
  options: AwaitEffectsOptions,
): Promise<{ failure?: Failure; untestedEffects?: string }> {
  const found = await Promise.all(
    doneEffectsOf(options.objects).map((effect) => awaitEffect(options, effect)),
  )
  const failure = found.find((one) => one.failure !== undefined)
  const unknown = found.find((one) => one.untestedEffects !== undefined)
  const untestedEffects = unknown?.untestedEffects ?? untestedReason(options.objects)
  return failure ?? (untestedEffects === undefined ? {} : { untestedEffects })
}

async function awaitEffect(
  { client, namespace, onEvent, clock, deadline, signal }: AwaitEffectsOptions,
  effect: DoneEffect,
): Promise<{ failure?: Failure; untestedEffects?: string }> {
  const { object } = effect
  const end = Math.min(clock.now() + patienceOf(effect), deadline?.at ?? Number.POSITIVE_INFINITY)
  let told = ''
  for (;;) {
    const found = await readEffect(client, namespace, effect, signal)
    signal?.throwIfAborted()
    if (found.state === 'holds') return {}
    if (found.state === 'unknown') return { untestedEffects: found.why }
    if (clock.now() >= end) return { failure: goneFailure(effect, found.why) }
    const message = `it is complete, but its effect is gone: ${found.why}`
    if (message !== told) onEvent({ type: 'wait', object, message })
    told = message
    await clock.sleep(PAUSE_MS, signal)
  }
}
