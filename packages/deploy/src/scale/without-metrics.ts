import {
  COMPOSE_SERVICE_ANNOTATION,
  isRefusal,
  type KubeClient,
  type KubeObject,
} from '@landfall/kube'

/**
 * The services whose number of pods autoscalers of these objects ought to change, and do not because the cluster serves no metrics of pods.
 * What the account may not read is taken to be served.
 */
export async function servicesWithoutMetrics(
  client: KubeClient,
  namespace: string,
  objects: readonly KubeObject[],
  signal: AbortSignal,
): Promise<string[]> {
  const scaled = objects.filter(({ kind }) => kind === 'HorizontalPodAutoscaler')
  if (scaled.length === 0) return []
  const metrics = { apiVersion: 'metrics.k8s.io/v1beta1', kind: 'PodMetrics', namespace }
  try {
    await client.list(metrics, { signal })
    return []
  } catch (error) {
    const isServed = !['NotFound', 'ServiceUnavailable'].some((reason) => isRefusal(error, reason))
    if (isServed) return []
  }
  return scaled.map(
    ({ metadata }) => metadata.annotations?.[COMPOSE_SERVICE_ANNOTATION] ?? metadata.name,
  )
}
