import type { ServiceConversion } from '../conversion.ts'

/** The service after which the pod of a service is named: its own, or the one whose namespaces it shares. */
export function podOf({ service, plan }: ServiceConversion): string {
  return plan.pod ?? service
}
