import { conditionOf, current, failed, inProgress, type StatusRule } from './status.ts'

/** Current when the pod is ready, or has ended well. What its containers do is in the assessment of its workload. */
export const podStatus: StatusRule = (pod) => {
  const { phase, message, reason } = pod.status ?? {}
  if (phase === 'Succeeded') return current('ended')
  if (phase === 'Failed') return failed(message ?? reason ?? 'a container ended with an error')
  const ready = conditionOf(pod, 'Ready')
  if (ready?.status === 'True') return current('ready')
  const scheduled = conditionOf(pod, 'PodScheduled')
  if (scheduled?.status === 'False') return inProgress(scheduled.message ?? 'not scheduled yet')
  return inProgress(phase === 'Running' ? 'running, not ready' : 'starting')
}
