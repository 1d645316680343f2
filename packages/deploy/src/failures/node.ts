import { conditionOf } from '@landfall/kube'
import type { PodRule } from './finding.ts'

/**
 * A pod whose node does not answer any more. It is never final: the node may come back, and the cluster makes the pod
 * elsewhere after a while (five minutes by default).
 */
export const nodeRule: PodRule = ({ node }) => {
  const ready = node === undefined ? undefined : conditionOf(node, 'Ready')
  if (node === undefined || ready === undefined || ready.status === 'True') return undefined
  const { name } = node.metadata
  return {
    code: 'deploy/node-not-ready',
    reason: 'NodeNotReady',
    message: `node ${name} does not answer; the cluster recreates its pods on another node after a while`,
    about: 'placement',
    final: false,
    hint: `look at the node: kubectl describe node ${name}`,
  }
}
