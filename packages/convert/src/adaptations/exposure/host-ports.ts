import type { BundleDraft, WorkloadDraft } from '../../objects/bundle-draft.ts'
import { annotate } from '../../objects/pod.ts'
import type { PublishedPort, ServicePlan } from '../../plan/plan.ts'
import { publishedEntries } from './published-entries.ts'

/** Gives the container the published numbers of its node, and tells the verdict where they are. */
export function buildHostPorts(
  { objects }: Pick<BundleDraft, 'objects'>,
  { plan, program }: WorkloadDraft,
): void {
  const ports = plan.published.filter(({ hostPort }) => hostPort !== undefined)
  if (ports.length === 0) return
  const service = objects.get(`service/${plan.name}`)
  if (service !== undefined) {
    annotate(service.metadata, 'landfall.dev/compose-service', plan.service)
    annotate(service.metadata, 'landfall.dev/published', publishedEntries(ports))
    annotate(service.metadata, 'landfall.dev/published-at', 'node')
  }
  for (const { port, protocol, hostPort } of ports) {
    const known = program.ports?.find(
      (one) => one.containerPort === port && (one.protocol ?? 'TCP') === protocol,
    )
    if (known !== undefined && hostPort !== undefined) known.hostPort = hostPort
  }
}

/** Ports that a Service of type NodePort or LoadBalancer offers. */
export function portsOfService({ published }: ServicePlan): PublishedPort[] {
  return published.filter(({ hostPort }) => hostPort === undefined)
}
