import { type KubeClient, type KubeObject, objectId } from '@landfall/kube'

/** An object that is being deleted, and what keeps it. */
export interface Undeleted {
  /** Object id. */
  object: string
  /** In words for people: `finalizer example.com/backup`. */
  by: string
}

/** Set by the API server for a deletion that waits for what the object owns. */
const WAITS_FOR_OWNED = 'foregroundDeletion'

/** What keeps these objects: their finalizers, or the pods of workloads that have not ended. */
export async function keptBy(
  client: KubeClient,
  namespace: string,
  objects: readonly KubeObject[],
  signal: AbortSignal | undefined,
): Promise<Undeleted[]> {
  const waiting = objects.some((object) => finalizersOf(object).length === 0)
  const pods = waiting
    ? (await client.list({ apiVersion: 'v1', kind: 'Pod', namespace }, { signal })).items
    : []
  const ending = pods.filter(({ metadata }) => metadata.deletionTimestamp !== undefined)
  return [
    ...objects.map((object) => ({ object: objectId(object), by: reasonOf(object) })),
    ...ending.map((pod) => ({ object: objectId(pod), by: reasonOfPod(pod) })),
  ]
}

function reasonOf(object: KubeObject): string {
  const finalizers = finalizersOf(object)
  return finalizers.length === 0
    ? 'what it owns is not deleted yet'
    : `${finalizers.length === 1 ? 'finalizer' : 'finalizers'} ${finalizers.join(', ')}`
}

function reasonOfPod(pod: KubeObject): string {
  if (finalizersOf(pod).length > 0) return reasonOf(pod)
  const { nodeName } = (pod.spec ?? {}) as { nodeName?: string }
  return nodeName === undefined ? 'it has not ended' : `it has not ended on node ${nodeName}`
}

function finalizersOf({ metadata }: KubeObject): string[] {
  const { finalizers } = metadata as { finalizers?: unknown }
  return (Array.isArray(finalizers) ? finalizers : [])
    .map(String)
    .filter((finalizer) => finalizer !== WAITS_FOR_OWNED)
}

/** What keeps a namespace, as its conditions show it. https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/ */
export function namespaceKeptBy({ status }: KubeObject): string {
  const { conditions } = (status ?? {}) as { conditions?: unknown }
  const messages = (Array.isArray(conditions) ? conditions : [])
    .filter((condition) => condition?.status === 'True')
    .map(({ message }) => String(message ?? ''))
    .filter((message) => message !== '')
  return messages[0] ?? 'what it contains is not deleted yet'
}
