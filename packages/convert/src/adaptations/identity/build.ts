import {
  COMPOSE_SERVICE_ANNOTATION,
  COPY_NAME_ANNOTATION,
  COPY_PORTS_ANNOTATION,
  type KubeObject,
  POD_INDEX_LABEL,
  PUBLISHED_ANNOTATION,
} from '@landfall/kube'
import { numbersOf, withNumber } from '../../facts/identity.ts'
import { type BundleDraft, metadataFor, selectorOf } from '../../objects/bundle-draft.ts'
import { annotate } from '../../objects/pod.ts'
import type { CopyPorts, Plan, PlannedPort, PublishedPort, ServicePlan } from '../../plan/plan.ts'
import { publishedEntries } from '../exposure/published-entries.ts'
import { serviceObject } from '../names-to-services/index.ts'
import { portName } from '../names-to-services/service-ports.ts'
import { copiesServiceName, publishedName } from './names.ts'

type Numbered = ServicePlan & { identity: NonNullable<ServicePlan['identity']> }

/** A Service for each copy, reachable before it is ready, one for its own ports outside, and the one that governs all copies. */
export function buildCopyServices({ objects, plan }: BundleDraft): void {
  for (const service of plan.services) {
    if (!isNumbered(service)) continue
    const governing = copiesServiceName(service)
    objects.set(`service/${governing}`, copyService(plan, service, governing, {}))
    for (const number of numbersOf(service.identity)) {
      const index = { [POD_INDEX_LABEL]: String(number) }
      const ports = [
        ...service.ports,
        ...service.identity.ports.map((port) => portOf(port, number)),
      ]
      for (const pattern of service.identity.names) {
        const name = withNumber(pattern, number)
        const object = copyService(plan, service, name, index, ports)
        describe(object, pattern, service.identity.ports)
        objects.set(`service/${name}`, object)
      }
      for (const type of ['NodePort', 'LoadBalancer'] as const) {
        const offered = service.identity.ports.filter((port) => port.offered === type)
        if (offered.length === 0) continue
        const object = outside(plan, service, number, offered, type)
        describe(object, publishedName(service), offered)
        objects.set(`service/${object.metadata.name}`, object)
      }
    }
  }
}

/** What `landfall scale` makes the Service of another copy from. */
function describe({ metadata }: KubeObject, name: string, ports: readonly CopyPorts[]): void {
  annotate(metadata, COPY_NAME_ANNOTATION, name)
  if (ports.length === 0) return
  const listed = ports.map(({ base, protocol }) => `${base}/${protocol.toLowerCase()}`)
  annotate(metadata, COPY_PORTS_ANNOTATION, listed.join(','))
}

function isNumbered(service: ServicePlan): service is Numbered {
  return service.identity !== undefined
}

function portOf({ base, protocol }: CopyPorts, number: number) {
  return { port: base + number, protocol }
}

function copyService(
  plan: Plan,
  service: Numbered,
  name: string,
  index: Record<string, string>,
  ports: readonly Pick<PlannedPort, 'port' | 'protocol'>[] = [],
): KubeObject {
  const made = serviceObject(
    plan,
    service,
    name,
    { publishNotReadyAddresses: true },
    ports as PlannedPort[],
  )
  return { ...made, spec: { ...made.spec, selector: { ...made.spec.selector, ...index } } }
}

/** The ports of one copy outside of the cluster, under the numbers on which the program listens. */
function outside(
  plan: Plan,
  service: Numbered,
  number: number,
  offered: readonly CopyPorts[],
  type: 'NodePort' | 'LoadBalancer',
): KubeObject {
  const metadata = metadataFor(plan, withNumber(publishedName(service), number), service)
  const published = offered.map((copy): PublishedPort => {
    const port = portOf(copy, number)
    return { ...port, published: port.port, ...(type === 'NodePort' && { nodePort: port.port }) }
  })
  annotate(metadata, COMPOSE_SERVICE_ANNOTATION, service.service)
  annotate(metadata, PUBLISHED_ANNOTATION, publishedEntries(published))
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata,
    spec: {
      type,
      publishNotReadyAddresses: true,
      selector: { ...selectorOf(plan, service), [POD_INDEX_LABEL]: String(number) },
      ports: published.map(({ port, protocol, nodePort }) => ({
        name: portName({ port, protocol }),
        port,
        targetPort: port,
        protocol,
        ...(nodePort !== undefined && { nodePort }),
      })),
    },
  }
}
