import type { KubeObject, ObjectMeta } from './object.ts'

/**
 * Lets who drains nodes evict one of several pods at a time. Pods that are not ready may be evicted in any case: otherwise a program that does
 * not start would keep its node from being drained. https://kubernetes.io/docs/tasks/run-application/configure-pdb/
 */
export function disruptionBudget(
  metadata: ObjectMeta,
  matchLabels: Record<string, string>,
): KubeObject {
  return {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata,
    spec: {
      maxUnavailable: 1,
      selector: { matchLabels },
      unhealthyPodEvictionPolicy: 'AlwaysAllow',
    },
  }
}
