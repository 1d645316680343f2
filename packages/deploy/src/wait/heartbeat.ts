import { type Clock, type KubeClient, StatusError } from '@landfall/kube'
import { abortAfter } from '../attempt/abort-after.ts'
import type { DeployEvent } from '../events.ts'
import { namespaceReference } from '../release/namespace.ts'

const PERIOD_MS = 3_000

/** A server that takes longer is not there for a person either. */
const ANSWER_MS = 5_000

/** How often it is reported that the server is still away. */
const STEP_SECONDS = 5

/** The object of events about the cluster as a whole. */
const CLUSTER = 'cluster/api-server'

/** Whether the API server answers. */
export interface Heartbeat {
  lost(): Error | undefined
}

/**
 * Sends requests to the API server every 3 s, until the signal is aborted, and reports while it does not answer: a request or a
 * watch to a server that hangs stays open and shows nothing.
 */
export function followServer(
  client: KubeClient,
  namespace: string,
  onEvent: (event: DeployEvent) => void,
  clock: Clock,
  signal: AbortSignal,
): Heartbeat {
  const beganAt = clock.now()
  let error: Error | undefined
  let lostAt = 0
  let reported = ''
  const report = (message: string): void => {
    if (message !== reported) onEvent({ type: 'wait', object: CLUSTER, message })
    reported = message
  }
  const beat = async (): Promise<void> => {
    const before = error
    error = await failureToAnswer(client, namespace, clock, signal)
    if (signal.aborted) return
    if (error !== undefined) {
      if (before === undefined) lostAt = clock.now() - ANSWER_MS
      const seconds = Math.floor((clock.now() - lostAt) / 1_000 / STEP_SECONDS) * STEP_SECONDS
      report(
        `the API server has not answered${seconds < STEP_SECONDS ? '' : ` for ${seconds} s`}: ${error.message}`,
      )
    } else if (before !== undefined) {
      report('the API server answers again')
      onEvent({ type: 'ready', object: CLUSTER, ms: Math.round(clock.now() - beganAt) })
    }
  }
  const run = async (): Promise<void> => {
    while (!signal.aborted) {
      await clock.sleep(PERIOD_MS, signal).catch(() => {})
      if (!signal.aborted) await beat()
    }
  }
  void run()
  return { lost: () => error }
}

async function failureToAnswer(
  client: KubeClient,
  namespace: string,
  clock: Clock,
  signal: AbortSignal,
): Promise<Error | undefined> {
  const patience = abortAfter(ANSWER_MS, clock)
  try {
    await client.get(namespaceReference(namespace), AbortSignal.any([signal, patience.signal]))
    return undefined
  } catch (error) {
    if (error instanceof StatusError && error.status.code < 500) return undefined
    return patience.signal.aborted
      ? new Error(`no answer within ${ANSWER_MS / 1000} s`)
      : (error as Error)
  } finally {
    patience.cancel()
  }
}
