import type { ServicePlan } from './service-plan.ts'

/** Whether the names of a service resolve. A one-shot without ports is waited for, and no program connects to it. */
export function hasNames({ kind, oncePerPod, ports }: ServicePlan): boolean {
  return (kind !== 'Job' && oncePerPod === undefined) || ports.length > 0
}
