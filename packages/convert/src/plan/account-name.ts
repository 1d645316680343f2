import type { ServicePlan } from './service-plan.ts'

/** What the Role of a service is called, and the ServiceAccount of its pod if it is the first in it with a Role. */
export function accountName({
  name,
  permissions,
}: Pick<ServicePlan, 'name' | 'permissions'>): string {
  return `${name}-${permissions.length > 0 ? 'access' : 'gate'}`
}
