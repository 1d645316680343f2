import type { ServiceConversion } from '../conversion.ts'

/** The service after which the pod of a service is named: its own, or the one whose namespaces it shares. */
export function podOf({ service, plan }: ServiceConversion): string {
  return plan.pod ?? service
}

/** Edges between services as edges between pods: what one container waits for, its whole pod waits for. */
export function edgesOfPods(
  edges: ReadonlyMap<string, readonly string[]>,
  services: readonly ServiceConversion[],
): Map<string, string[]> {
  const pods = new Map(services.map((service) => [service.service, podOf(service)]))
  const merged = new Map<string, Set<string>>()
  for (const [from, targets] of edges) {
    const pod = pods.get(from) ?? from
    const reached = merged.get(pod) ?? new Set()
    merged.set(pod, reached)
    for (const target of targets) {
      const other = pods.get(target) ?? target
      if (other !== pod || target === from) reached.add(other)
    }
  }
  return new Map([...merged].map(([pod, reached]) => [pod, [...reached].sort()]))
}
