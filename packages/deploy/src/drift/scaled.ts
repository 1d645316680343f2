import { isRefusal, type KubeClient, type KubeObject, objectId } from '@landfall/kube'
import { listKinds } from '../apply/observe.ts'
import { objectKey } from '../release/inventory.ts'
import { RELEASE_LABEL } from '../release/release.ts'

const AUTOSCALER = { apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler' }

/**
 * The objects without the number of pods where an autoscaler sets it: that number is left to the autoscaler, also to one that is not of the
 * release. https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#migrating-deployments-and-statefulsets-to-horizontal-autoscaling
 */
export async function withoutScaledReplicas(
  client: KubeClient,
  namespace: string,
  objects: readonly KubeObject[],
  live: ReadonlyMap<string, KubeObject>,
  signal?: AbortSignal,
): Promise<KubeObject[]> {
  const isOther = (object: KubeObject) => {
    const there = live.get(objectKey(object))?.spec?.replicas
    return (
      object.spec?.replicas !== undefined && there !== undefined && there !== object.spec.replicas
    )
  }
  if (!objects.some(isOther)) return [...objects]
  const wanted = new Set(objects.map(objectKey))
  const scaled = await scaledWorkloads(client, namespace, wanted, signal)
  return objects.map((object) => {
    if (!isOther(object) || !scaled.has(objectId(object))) return object
    const { replicas, ...spec } = object.spec
    return { ...object, spec }
  })
}

/** By the autoscalers that are there and stay: one of a release that is no longer wanted is about to be deleted. */
async function scaledWorkloads(
  client: KubeClient,
  namespace: string,
  wanted: ReadonlySet<string>,
  signal?: AbortSignal,
): Promise<ReadonlySet<string>> {
  try {
    const found = await listKinds(client, namespace, [AUTOSCALER], signal)
    return new Set(
      [...found.values()].flatMap((autoscaler) => {
        const { metadata, spec } = autoscaler
        const isGoing =
          metadata.labels?.[RELEASE_LABEL] !== undefined && !wanted.has(objectKey(autoscaler))
        if (isGoing) return []
        const { kind, name } = spec?.scaleTargetRef ?? {}
        return kind === undefined ? [] : [objectId({ kind, metadata: { name } } as KubeObject)]
      }),
    )
  } catch (error) {
    if (!isRefusal(error, 'Forbidden')) throw error
    return new Set()
  }
}
