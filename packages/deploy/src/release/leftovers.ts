import {
  IN_EVERY_NAMESPACE,
  isRefusal,
  type KindReference,
  type KubeClient,
  type KubeObject,
  objectId,
  StatusError,
} from '@landfall/kube'
import { forEachConcurrently } from '../concurrent.ts'

const REQUESTS_AT_ONCE = 8

/** Kinds that the cluster creates by itself, without content of users. */
const MADE_BY_THE_CLUSTER = new Set([
  'ControllerRevision',
  'EndpointSlice',
  'Endpoints',
  'Event',
  'Lease',
  'PodMetrics',
])

/** What a namespace still holds, except what the cluster itself puts there and what is being deleted. */
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
  const there = new Set(found.map(({ metadata }) => metadata.uid))
  return found.filter((object) => {
    const { metadata } = object
    const owners = (metadata.ownerReferences ?? []) as { uid: string }[]
    // what an object owns is deleted with it, and reported by it
    if (metadata.deletionTimestamp !== undefined || owners.some(({ uid }) => there.has(uid)))
      return false
    return !IN_EVERY_NAMESPACE.has(objectId(object))
  })
}
