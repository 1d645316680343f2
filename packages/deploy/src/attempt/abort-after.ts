import type { Clock } from '@landfall/kube'

/** A signal that is aborted after so many milliseconds, never without a number, until it is cancelled. */
export function abortAfter(
  ms: number | undefined,
  clock: Clock,
): { signal: AbortSignal; cancel: () => void } {
  const late = new AbortController()
  const cancelled = new AbortController()
  if (ms !== undefined)
    clock.sleep(ms, cancelled.signal).then(
      () => late.abort(),
      () => {},
    )
  return { signal: late.signal, cancel: () => cancelled.abort() }
}
