import {
  isRefusal,
  type KindReference,
  type KubeClient,
  type KubeObject,
  StatusError,
} from '@landfall/kube'
import { forEachConcurrently } from './concurrent.ts'

const REQUESTS_AT_ONCE = 8

/** Kinds that the cluster makes by itself, and that nobody misses. */
const MADE_BY_THE_CLUSTER = new Set([
  'ControllerRevision',
  'EndpointSlice',
  'Endpoints',
  'Event',
  'Lease',
  'PodMetrics',
])

/** Objects that every namespace has. */
const IN_EVERY_NAMESPACE = new Set(['ConfigMap kube-root-ca.crt', 'ServiceAccount default'])

/** What a namespace still holds beside what the cluster itself puts there; what is on its way out does not count. */
export async function leftovers(
  client: KubeClient,
  namespace: string,
  signal?: AbortSignal,
): Promise<KubeObject[]> {
  const kinds = await client.listableKinds()
  const found: KubeObject[] = []
  await forEachConcurrently(
    kinds,
    REQUESTS_AT_ONCE,
    async ({ apiVersion, kind }: KindReference) => {
      if (MADE_BY_THE_CLUSTER.has(kind)) return
      try {
        found.push(...(await client.list({ apiVersion, kind, namespace }, { signal })).items)
      } catch (error) {
        // a kind that cannot be listed after all (its own server is down) cannot be waited for either
        if (!(error instanceof StatusError) || isRefusal(error, 'Forbidden')) throw error
      }
    },
  )
  const gone = new Set(
    found.filter(({ metadata }) => metadata.deletionTimestamp).map(({ metadata }) => metadata.uid),
  )
  return found.filter(({ kind, metadata }) => {
    const owners = (metadata.ownerReferences ?? []) as { uid: string }[]
    const owned = owners.length > 0 && owners.every(({ uid }) => isGone(uid, gone, found))
    return !gone.has(metadata.uid) && !owned && !IN_EVERY_NAMESPACE.has(`${kind} ${metadata.name}`)
  })
}

/** Whether an owner is gone or going: then what it owns follows. */
function isGone(uid: string, gone: ReadonlySet<unknown>, found: readonly KubeObject[]): boolean {
  return gone.has(uid) || !found.some(({ metadata }) => metadata.uid === uid)
}
