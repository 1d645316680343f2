import type { KubeClient } from '@landfall/kube'
import type { Holder } from './release/hold.ts'
import { isHeld, leaseReference } from './release/lease.ts'
import { type Revision, readRevisions } from './release/revisions.ts'

export interface HistoryOfOptions {
  client: KubeClient
  release: string
  namespace: string
  /** Whether it is known for certain that a holder of the release has ended. */
  hasEnded?: Holder['hasEnded'] | undefined
  signal?: AbortSignal
}

/**
 * The revisions of a release that are kept, the oldest first. One that is `deploying` is so only while a command holds the release; otherwise it
 * was interrupted.
 */
export async function releaseHistory({
  client,
  signal,
  hasEnded,
  ...reference
}: HistoryOfOptions): Promise<Revision[]> {
  const stored = await readRevisions(client, reference, signal)
  const deploying = stored.some(({ state }) => state === 'deploying')
  const lease = deploying ? await client.get(leaseReference(reference), signal) : undefined
  const held = deploying && isHeld(lease, client.serverTime(), hasEnded)
  return stored.map(({ objects, checks, ...revision }) =>
    revision.state === 'deploying' && !held ? { ...revision, state: 'interrupted' } : revision,
  )
}
