import {
  COMPOSE_SERVICE_ANNOTATION,
  PUBLISHED_ANNOTATION,
  PUBLISHED_AT_ANNOTATION,
} from '@landfall/kube'
import type { ServiceConversion } from '../../conversion.ts'
import type { BundleDraft, WorkloadDraft } from '../../objects/bundle-draft.ts'
import { annotate } from '../../objects/pod.ts'
import { publishedEntries } from './published-entries.ts'

/** Gives the container the published numbers of its node, and tells the verdict where they are. */
export function buildHostPorts(
  { objects }: Pick<BundleDraft, 'objects'>,
  { from, object, program }: WorkloadDraft,
): void {
  const ports = from.plan.published.filter(({ hostPort }) => hostPort !== undefined)
  if (ports.length === 0) return
  const service = objects.get(`service/${from.plan.name}`)
  if (service !== undefined) {
    annotate(service.metadata, COMPOSE_SERVICE_ANNOTATION, from.service)
    annotate(service.metadata, PUBLISHED_ANNOTATION, publishedEntries(ports))
    annotate(service.metadata, PUBLISHED_AT_ANNOTATION, 'node')
  }
  for (const { port, protocol, hostPort } of ports) {
    const known = program.ports?.find(
      (one) => one.containerPort === port && (one.protocol ?? 'TCP') === protocol,
    )
    if (known !== undefined && hostPort !== undefined) known.hostPort = hostPort
  }
  // Two pods cannot have one port of a node: a new pod could not be scheduled before the old one is gone.
  if (object.spec.strategy?.type === 'RollingUpdate')
    object.spec.strategy =
      from.plan.replicas > 1
        ? { type: 'RollingUpdate', rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } }
        : { type: 'Recreate' }
}

/** Ports that a Service of type NodePort or LoadBalancer offers. */
export function portsOfService({ plan }: ServiceConversion) {
  return plan.published.filter(({ hostPort }) => hostPort === undefined)
}
