import type { ServicePlan } from './service-plan.ts'

/** Whether the names of a service resolve. A one-shot without ports is waited for, and no program connects to it. */
export function hasNames({ kind, oncePerPod, ports }: ServicePlan): boolean {
  return (kind !== 'Job' && oncePerPod === undefined) || ports.length > 0
}

/** What the Role of a service is called, and the ServiceAccount of its pod if it is the first in it with a Role. */
export function accountName({
  name,
  permissions,
}: Pick<ServicePlan, 'name' | 'permissions'>): string {
  return `${name}-${permissions.length > 0 ? 'access' : 'gate'}`
}
