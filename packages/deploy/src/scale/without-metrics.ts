import { COMPOSE_SERVICE_ANNOTATION, type KubeClient, type KubeObject } from '@landfall/kube'
import { listPodMetrics, NoMetricsError } from './pod-metrics.ts'

/**
 * The services whose number of pods autoscalers of these objects ought to change, and do not because the cluster serves no metrics of pods.
 * What the account may not read is taken to be served. The client must not repeat requests: metrics that are away are a 503.
 */
export async function servicesWithoutMetrics(
  client: KubeClient,
  namespace: string,
  objects: readonly KubeObject[],
  signal: AbortSignal,
): Promise<string[]> {
  const scaled = objects.filter(({ kind }) => kind === 'HorizontalPodAutoscaler')
  if (scaled.length === 0) return []
  try {
    await listPodMetrics(client, namespace, { signal })
    return []
  } catch (error) {
    if (!(error instanceof NoMetricsError)) return []
  }
  return scaled.map(
    ({ metadata }) => metadata.annotations?.[COMPOSE_SERVICE_ANNOTATION] ?? metadata.name,
  )
}
