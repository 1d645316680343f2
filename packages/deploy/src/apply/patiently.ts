import { type Clock, ConnectionError } from '@landfall/kube'

/** An upgrade of a control plane takes about a minute. */
const PATIENCE_MS = 60_000

const PAUSE_MS = 1_000

/** Does what can be done twice, again and again while the server cannot be reached; then throws the ConnectionError. */
export async function patiently<T>(
  work: () => Promise<T>,
  clock: Clock,
  signal?: AbortSignal,
): Promise<T> {
  const end = clock.now() + PATIENCE_MS
  for (;;) {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof ConnectionError) || clock.now() > end) throw error
      await clock.sleep(PAUSE_MS, signal)
    }
  }
}
