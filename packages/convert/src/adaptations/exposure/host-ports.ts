import {
  COMPOSE_SERVICE_ANNOTATION,
  PUBLISHED_ANNOTATION,
  PUBLISHED_AT_ANNOTATION,
} from '@landfall/kube'
import type { BundleDraft } from '../../objects/bundle-draft.ts'
import { annotate } from '../../objects/pod.ts'
import type { PublishedPort, ServicePlan } from '../../plan/plan.ts'
import { publishedEntries } from './published-entries.ts'

/** Tells the verdict which published ports are those of the node where the pod runs. */
export function buildHostPorts({ objects }: BundleDraft, service: ServicePlan): void {
  const ports = service.published.filter(({ hostPort }) => hostPort !== undefined)
  const object = objects.get(`service/${service.name}`)
  if (ports.length === 0 || object === undefined) return
  annotate(object.metadata, COMPOSE_SERVICE_ANNOTATION, service.service)
  annotate(object.metadata, PUBLISHED_ANNOTATION, publishedEntries(ports))
  annotate(object.metadata, PUBLISHED_AT_ANNOTATION, 'node')
}

/** Ports that a Service of type NodePort or LoadBalancer offers. */
export function portsOfService({ published }: ServicePlan): PublishedPort[] {
  return published.filter(({ hostPort }) => hostPort === undefined)
}
