import type { ServicePlan } from '../plan/service-plan.ts'

/** The most pods that there can be of a service by its plan; an autoscaler may make more than there are at first. */
export function mostCopies({ replicas, scale }: Pick<ServicePlan, 'replicas' | 'scale'>): number {
  return scale?.max ?? replicas
}
