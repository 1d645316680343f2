import { isRefusal, type KubeClient } from '@landfall/kube'

/** The cluster has no metrics API (`metrics.k8s.io`), or nothing serves it now. */
export class NoMetricsError extends Error {
  constructor() {
    super('the cluster serves no metrics (metrics.k8s.io)')
    this.name = 'NoMetricsError'
  }
}

/** What the metrics API has of one pod. https://github.com/kubernetes/metrics */
export interface PodMetrics {
  containers?: { name: string; usage?: { cpu?: string; memory?: string } }[]
}

/**
 * The metrics of the pods of a namespace. Throws a {@link NoMetricsError}: with a client that repeats requests, that is only after its patience,
 * since a server of metrics that is away is a 503.
 */
export async function listPodMetrics(
  client: KubeClient,
  namespace: string,
  selection: { labelSelector?: string; signal?: AbortSignal | undefined },
): Promise<PodMetrics[]> {
  const kind = { apiVersion: 'metrics.k8s.io/v1beta1', kind: 'PodMetrics', namespace }
  try {
    return (await client.list(kind, selection)).items as PodMetrics[]
  } catch (error) {
    const isServed = !['NotFound', 'ServiceUnavailable'].some((reason) => isRefusal(error, reason))
    throw isServed ? error : new NoMetricsError()
  }
}
