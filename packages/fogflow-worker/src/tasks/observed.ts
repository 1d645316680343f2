import { conditionOf, type KubeObject } from '@landfall/kube'

/** How a task is in the cluster. */
export interface Observed {
  /** Its pod accepts connections. */
  ready: boolean
  /** Pods that are still there. */
  pods: readonly string[]
  /** Why it does not start, if that is known. */
  failure?: string
  /** It is refused because its image may run as root. */
  needsUser: boolean
}

const STARTING: readonly unknown[] = ['ContainerCreating', 'PodInitializing', undefined]

/** How a task is, from its Deployment as of at least `generation`, and its pods. */
export function observe(
  deployment: KubeObject | undefined,
  pods: readonly KubeObject[],
  generation: number,
): Observed {
  const status = deployment?.status ?? {}
  const isCurrent = Number(status.observedGeneration ?? 0) >= generation
  const alive = pods.filter(({ metadata }) => metadata.deletionTimestamp === undefined)
  const refused = deployment === undefined ? undefined : conditionOf(deployment, 'ReplicaFailure')
  const refusal = isCurrent && refused?.status === 'True' ? (refused.message ?? '') : undefined
  const ready = isCurrent && Number(status.readyReplicas ?? 0) > 0
  const failure = refusal ?? alive.map(failureOf).find((one) => one !== undefined)
  return {
    ready,
    pods: pods.map(({ metadata }) => metadata.name),
    needsUser: /violates PodSecurity/.test(refusal ?? '') && /runAsNonRoot/.test(refusal ?? ''),
    ...(!ready && failure !== undefined && { failure }),
  }
}

function failureOf(pod: KubeObject): string | undefined {
  const scheduled = conditionOf(pod, 'PodScheduled')
  if (scheduled?.status === 'False') return scheduled.message ?? scheduled.reason
  const [container] = pod.status?.containerStatuses ?? []
  const { state = {}, lastState = {}, image } = container ?? {}
  const ended = state.terminated ?? lastState.terminated
  const { reason, message = '' } = state.waiting ?? {}
  // kubelets change between the two while they try
  if (reason === 'ErrImagePull' || reason === 'ImagePullBackOff')
    return `the image ${image} cannot be pulled`
  if (ended !== undefined)
    return `the program ends with exit code ${ended.exitCode}${ended.reason === 'OOMKilled' ? ', out of memory' : ''}`
  return STARTING.includes(reason) ? undefined : `${reason}: ${message}`
}
