import { isRefusal, type KubeClient, parseQuantity } from '@landfall/kube'
import type { Member, Members } from './members.ts'
import { selectorOf } from './pods.ts'

/** What the containers of a service use at this moment. */
export interface ServiceUsage {
  service: string
  /** Pods for which there are metrics. */
  pods: number
  /** Cores. */
  cpu: number
  /** Bytes. */
  memory: number
  /** Bytes that its containers in these pods may use at most, where each of them has a limit. */
  memoryLimit?: number
}

/** The cluster has no metrics API (`metrics.k8s.io`), or nothing serves it now. */
export class NoMetricsError extends Error {
  constructor() {
    super('the cluster serves no metrics (metrics.k8s.io)')
    this.name = 'NoMetricsError'
  }
}

interface PodMetrics {
  containers?: { name: string; usage?: { cpu?: string; memory?: string } }[]
}

/** What each of these services uses. Throws a {@link NoMetricsError}. https://github.com/kubernetes/metrics */
export async function readUsage(
  client: KubeClient,
  { reference: { namespace } }: Members,
  members: readonly Member[],
  signal?: AbortSignal,
): Promise<ServiceUsage[]> {
  const kind = { apiVersion: 'metrics.k8s.io/v1beta1', kind: 'PodMetrics' }
  return Promise.all(
    members.map(async (member) => {
      const selection = { labelSelector: selectorOf(member.workload), signal }
      const { items } = await client.list({ ...kind, namespace }, selection).catch((error) => {
        const isServed = !['NotFound', 'ServiceUnavailable'].some((one) => isRefusal(error, one))
        throw isServed ? error : new NoMetricsError()
      })
      return usageOf(member, items as PodMetrics[])
    }),
  )
}

/** The usage of a service, of the metrics of the pods in which it runs. */
export function usageOf(
  { service, containers, workload }: Member,
  metrics: readonly PodMetrics[],
): ServiceUsage {
  const own = metrics.flatMap((pod) =>
    (pod.containers ?? []).filter(({ name }) => containers.includes(name)),
  )
  const sum = (of: 'cpu' | 'memory'): number =>
    own.reduce((total, { usage }) => total + (parseQuantity(usage?.[of] ?? '0') ?? 0), 0)
  const template = workload.spec?.template?.spec ?? {}
  const inits: { restartPolicy?: string }[] = template.initContainers ?? []
  const specs: { name: string; resources?: { limits?: { memory?: string } } }[] = [
    ...(template.containers ?? []),
    ...inits.filter(({ restartPolicy }) => restartPolicy === 'Always'),
  ]
  const limits = specs
    .filter(({ name }) => containers.includes(name))
    .map(({ resources }) => parseQuantity(resources?.limits?.memory ?? ''))
  const isLimited = limits.length > 0 && limits.every((limit) => limit !== undefined)
  return {
    service,
    pods: metrics.length,
    cpu: sum('cpu'),
    memory: sum('memory'),
    ...(isLimited && {
      memoryLimit:
        limits.reduce<number>((total, limit) => total + (limit ?? 0), 0) * metrics.length,
    }),
  }
}
