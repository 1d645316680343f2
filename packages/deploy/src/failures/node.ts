import { conditionOf } from '@landfall/kube'
import { eventTime } from '../view.ts'
import type { PodRule } from './finding.ts'

/**
 * A pod whose node does not answer any more. It is never final: the node may come back, and the cluster makes the pod
 * elsewhere after five minutes.
 */
export const nodeRule: PodRule = ({ pod, events }) => {
  const ready = conditionOf(pod, 'Ready')
  const lost = events.findLast(({ reason }) => reason === 'NodeNotReady')
  if (lost === undefined || ready === undefined || ready.status === 'True') return undefined
  // Ready again since then, and not ready now for another reason.
  if (Date.parse(ready.lastTransitionTime ?? '') > Date.parse(eventTime(lost)) + 5_000)
    return undefined
  return {
    reason: 'NodeNotReady',
    message: `node ${pod.spec.nodeName} does not answer; its pods are made elsewhere after five minutes`,
    about: 'placement',
    final: false,
    hint: `look at the node: kubectl describe node ${pod.spec.nodeName}`,
  }
}
