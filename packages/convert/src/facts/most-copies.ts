import type { ServicePlan } from '../plan/service-plan.ts'

/** The most pods that there can be of a service by its plan; an autoscaler or a person may make more than there are at first. */
export function mostCopies({
  replicas,
  scale,
  identity,
}: Pick<ServicePlan, 'replicas' | 'scale' | 'identity'>): number {
  return scale?.max ?? Math.max(replicas, identity?.most ?? 0)
}
