import type { KubeClient } from '@landfall/kube'
import { leaseReference } from './release/lease.ts'
import { type Revision, readRevisions } from './release/revisions.ts'

export interface HistoryOfOptions {
  client: KubeClient
  release: string
  namespace: string
  signal?: AbortSignal
}

/**
 * The revisions of a release that are kept, the oldest first. One that is `deploying` is so only while a command holds the release; otherwise it
 * was interrupted.
 */
export async function releaseHistory({
  client,
  signal,
  ...reference
}: HistoryOfOptions): Promise<Revision[]> {
  const stored = await readRevisions(client, reference, signal)
  const deploying = stored.some(({ state }) => state === 'deploying')
  const lease = deploying ? await client.get(leaseReference(reference), signal) : undefined
  const held = Boolean(lease?.spec?.holderIdentity)
  return stored.map(({ objects, ...revision }) =>
    revision.state === 'deploying' && !held ? { ...revision, state: 'interrupted' } : revision,
  )
}
