import { setTimeout as pause } from 'node:timers/promises'
import { type KubeClient, StatusError } from '@landfall/kube'
import { namespaceReference } from './namespace.ts'
import type { ClusterView } from './view.ts'

const PERIOD_MS = 3_000

/** A server that takes longer is not there for a person either. */
const ANSWER_MS = 5_000

/** Key among the lost sources of a view: the server as a whole. */
const SERVER = 'server'

/**
 * Asks the API server again and again, until the signal says stop, and marks it as lost in the view while it does not
 * answer: a watch of a server that hangs stays open and shows nothing.
 */
export async function followServer(
  client: KubeClient,
  namespace: string,
  view: ClusterView,
  onChange: () => void,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    const error = await failureToAnswer(client, namespace, signal)
    if (signal.aborted) return
    const changed = view.lost.has(SERVER) !== (error !== undefined)
    if (error === undefined) view.lost.delete(SERVER)
    else view.lost.set(SERVER, error)
    if (changed) onChange()
    await pause(PERIOD_MS, undefined, { signal, ref: false }).catch(() => {})
  }
}

async function failureToAnswer(
  client: KubeClient,
  namespace: string,
  signal: AbortSignal,
): Promise<Error | undefined> {
  const patience = AbortSignal.timeout(ANSWER_MS)
  try {
    await client.get(namespaceReference(namespace), AbortSignal.any([signal, patience]))
    return undefined
  } catch (error) {
    if (error instanceof StatusError && error.status.code < 500) return undefined
    return patience.aborted ? new Error(`no answer within ${ANSWER_MS / 1000} s`) : (error as Error)
  }
}
