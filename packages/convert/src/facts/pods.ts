import type { Conversion, ServiceConversion } from '../conversion.ts'

/** The service after which the pod of a service is named: its own, or the one whose namespaces it shares. */
export function podOf({ service, plan }: ServiceConversion): string {
  return plan.pod ?? service
}

/** The services of the pod of a service, itself included, in the order of their names; complete once `shared-namespaces` has planned. */
export function inPodOf(
  { shared }: Pick<Conversion, 'shared'>,
  service: ServiceConversion,
): readonly ServiceConversion[] {
  return shared.get(podOf(service)) ?? [service]
}
