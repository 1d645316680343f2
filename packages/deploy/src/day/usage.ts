import { type KubeClient, parseQuantity } from '@landfall/kube'
import { listPodMetrics, type PodMetrics } from '../scale/pod-metrics.ts'
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

/** What each of these services uses. Throws a NoMetricsError. */
export async function readUsage(
  client: KubeClient,
  { reference: { namespace } }: Members,
  members: readonly Member[],
  signal?: AbortSignal,
): Promise<ServiceUsage[]> {
  return Promise.all(
    members.map(async (member) => {
      const selection = { labelSelector: selectorOf(member.workload), signal }
      return usageOf(member, await listPodMetrics(client, namespace, selection))
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
