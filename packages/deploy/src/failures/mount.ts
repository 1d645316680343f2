import type { KubeObject } from '@landfall/kube'
import { containersOf } from '../view/containers.ts'
import type { Finding, PodRule } from './finding.ts'

const PATIENCE_MS = 30_000

const REASONS = new Set([
  'FailedMount',
  'FailedAttachVolume',
  'FailedMapVolume',
  'FailedCreatePodSandBox',
])

/**
 * The kubelet has not received a ConfigMap or Secret from the API server in time (pkg/kubelet/util/manager of Kubernetes), which says
 * nothing about the object: it tries again, and a busy control plane answers later.
 */
const NOT_SYNCED = /failed to sync (configmap|secret) cache/

/** A pod that never gets as far as its containers: a volume that cannot be mounted, a network that cannot be made. */
export const mountRule: PodRule = ({ pod, events, sightings }) => {
  const untouched = containersOf(pod).every(
    ({ running, terminated, waiting }) =>
      !running &&
      terminated === undefined &&
      (waiting === undefined || /ContainerCreating|PodInitializing/.test(waiting.reason ?? '')),
  )
  const told = events.filter(({ reason }) => REASONS.has(reason))
  const event = told.at(-1)
  if (!untouched || pod.status?.phase !== 'Pending' || event === undefined) return undefined
  const times = told.reduce((sum, { count }) => sum + (count ?? 1), 0)
  const forMs = sightings.since(`mount ${pod.metadata.uid} ${event.reason}`)
  return {
    ...causeOf(event),
    reason: event.reason,
    message: event.message,
    final: forMs >= PATIENCE_MS && times >= 3 && !NOT_SYNCED.test(event.message ?? ''),
  }
}

function causeOf({ reason, message }: KubeObject): Pick<Finding, 'code' | 'about' | 'hint'> {
  if (reason === 'FailedCreatePodSandBox' && /\bruntime for\b/.test(message))
    return {
      code: 'deploy/runtime-not-found',
      hint: 'choose another `runtimeClass`, or a node that has this runtime',
    }
  if (reason === 'FailedCreatePodSandBox')
    return {
      code: 'deploy/pod-network-failed',
      hint: 'look at the node: its network does not work',
    }
  if (reason === 'FailedMount' && /not found/.test(message))
    return { code: 'deploy/reference-not-found', hint: 'create what is missing, or remove its use' }
  return {
    code: 'deploy/volume-not-mounted',
    about: 'volumes',
    hint: 'look at the volume and at the node: the node cannot mount it',
  }
}
