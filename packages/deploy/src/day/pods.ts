import { conditionOf, type KubeClient, type KubeObject } from '@landfall/kube'
import { containersOf } from '../view/containers.ts'
import type { Member } from './members.ts'

/** There is no pod of a service in which a command can run, or to which a connection can be made. */
export class NoPodError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'NoPodError'
  }
}

/** The label selector of the pods of a workload. */
export function selectorOf({ spec, metadata }: KubeObject): string {
  const labels: Record<string, string> = spec?.selector?.matchLabels ?? {
    'batch.kubernetes.io/job-name': metadata.name,
  }
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(',')
}

/** The pods of a service that are not ending, the oldest first: their places are the numbers of `--index`. */
export async function podsOf(
  client: KubeClient,
  namespace: string,
  { workload }: Member,
  signal?: AbortSignal,
): Promise<KubeObject[]> {
  const { items } = await client.list(
    { apiVersion: 'v1', kind: 'Pod', namespace },
    { labelSelector: selectorOf(workload), signal },
  )
  return inOrder(items.filter(({ metadata }) => metadata.deletionTimestamp === undefined))
}

function inOrder(pods: readonly KubeObject[]): KubeObject[] {
  const key = ({ metadata }: KubeObject) => `${metadata.creationTimestamp} ${metadata.name}`
  return [...pods].sort((a, b) => (key(a) < key(b) ? -1 : 1))
}

/**
 * The pod in which a command for a service runs: the one with this number, from 1 on, or the first whose container runs, ready ones before
 * others. Throws a {@link NoPodError}.
 */
export function choosePod(
  { service, containers: [container] }: Pick<Member, 'service' | 'containers'>,
  pods: readonly KubeObject[],
  index?: number,
): { pod: string; container: string } {
  const named = index === undefined ? pods : pods.slice(index - 1, index)
  if (index !== undefined && named.length === 0)
    throw new NoPodError(
      `${service} has ${pods.length === 1 ? '1 pod' : `${pods.length} pods`}, none with number ${index}`,
    )
  const running = named.filter((pod) =>
    containersOf(pod).some((one) => one.name === container && one.running),
  )
  const [chosen] = [...running.filter(isReady), ...running]
  if (chosen !== undefined && container !== undefined)
    return { pod: chosen.metadata.name, container }
  const states = named.map((pod) => `${pod.metadata.name}: ${stateOf(pod, container)}`)
  throw new NoPodError(
    `no container of ${service} runs now (${states.length === 0 ? 'it has no pods' : states.join('; ')})`,
  )
}

/** Whether a pod is ready, which its gates and Services go by. */
export function isReady(pod: KubeObject): boolean {
  return conditionOf(pod, 'Ready')?.status === 'True'
}

function stateOf(pod: KubeObject, container: string | undefined): string {
  const containers = containersOf(pod)
  const own = containers.find(({ name }) => name === container)
  if (own?.terminated !== undefined) return `ended with exit code ${own.terminated.exitCode}`
  const first = containers.find(({ init, sidecar, running }) => init && !sidecar && running)
  if (first !== undefined) return `${first.name} runs before it`
  return own?.waiting?.reason ?? pod.status?.phase ?? 'unknown'
}
