import {
  COMPOSE_SERVICE_ANNOTATION,
  PUBLISHED_ANNOTATION,
  PUBLISHED_AT_ANNOTATION,
} from '@landfall/kube'
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
    annotate(service.metadata, COMPOSE_SERVICE_ANNOTATION, plan.service)
    annotate(service.metadata, PUBLISHED_ANNOTATION, publishedEntries(ports))
    annotate(service.metadata, PUBLISHED_AT_ANNOTATION, 'node')
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
