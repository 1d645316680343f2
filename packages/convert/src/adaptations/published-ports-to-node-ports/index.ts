import type { Port } from '@landfall/compose'
import type { KubeObject } from '@landfall/kube'
import type { Adaptation } from '../../adaptation.ts'
import { metadataFor, selectorOf } from '../../bundle-draft.ts'
import type { Conversion, ServiceConversion } from '../../conversion.ts'
import { nameBeside } from '../../facts/legal-names.ts'
import type { PublishedPort } from '../../plan.ts'
import { annotate } from '../../pod.ts'
import { portName } from '../names-to-services/service-ports.ts'
import { addressOf, isForTheMachine, type Offer, offerOf } from './exposure.ts'
import { addressOfRoute, planRoute, routeObject } from './route.ts'

const id = 'published-ports-to-node-ports'

/**
 * Ports of nodes that are given away, over all services, each with the service and port that has it: the API gives one
 * number twice only to TCP and UDP of the same port of one Service.
 */
type Taken = Map<number, string>

/** Why a port gets no place in the published Service, where it gets none. */
function elsewhere(
  { plan }: ServiceConversion,
  port: Port,
  { type }: Offer,
): { reason: string; hint?: string } | undefined {
  const { route } = plan
  if (isForTheMachine(port))
    return {
      reason: 'published for this machine alone, so it is not offered outside the cluster',
      hint: `kubectl port-forward service/${plan.name} ${port.published ?? port.target}:${port.target}`,
    }
  if (type === 'none') return { reason: 'offered inside the cluster only, as landfall.yaml says' }
  if (route !== undefined && route.port === port.target && port.protocol === 'tcp')
    return {
      reason: `${addressOfRoute(route)} of ${route.kind === 'Ingress' ? 'an Ingress' : `the Gateway ${route.gateway}`}`,
    }
  // A Service cannot offer a port under two numbers.
  const known = plan.published.some(
    (other) => other.port === port.target && other.protocol === port.protocol.toUpperCase(),
  )
  return known ? { reason: `offered already: another number for ${port.target}` } : undefined
}

function planPort(
  service: ServiceConversion,
  port: Port,
  index: number,
  offer: Offer,
  taken: Taken,
): void {
  const { plan, note } = service
  const key = ['ports', index]
  if (!(port.target > 0)) {
    note(id, key, 'ignored', 'names no port of the container')
    return
  }
  const without = elsewhere(service, port, offer)
  if (without !== undefined) {
    const { reason, hint } = without
    note(id, key, 'adapted', reason, hint === undefined ? {} : { hint })
    return
  }
  const published = /^\d+$/.test(port.published ?? '') ? Number(port.published) : undefined
  const nodePort =
    offer.type === 'LoadBalancer'
      ? undefined
      : freeNodePort(published, `${plan.name}:${port.target}`, taken)
  const place =
    offer.type === 'LoadBalancer'
      ? `port ${published ?? port.target} of a load balancer`
      : nodePort === undefined
        ? 'a port of every node, from 30000 to 32767, which the cluster chooses'
        : `port ${nodePort} of every node`
  const address = addressOf(port)
  note(
    id,
    key,
    nodePort === undefined ? 'adapted' : 'kept',
    `${place}${address === undefined ? '' : `, not only at ${address}`}`,
  )
  plan.published.push({
    port: port.target,
    protocol: port.protocol.toUpperCase() as PublishedPort['protocol'],
    ...(published === undefined ? {} : { published }),
    ...(nodePort === undefined ? {} : { nodePort }),
    ...(port.app_protocol === undefined ? {} : { appProtocol: port.app_protocol }),
  })
}

/** The published number, where a node can have it and nothing else has it. */
function freeNodePort(
  published: number | undefined,
  owner: string,
  taken: Taken,
): number | undefined {
  if (published === undefined || published < 30000 || published > 32767) return undefined
  if ((taken.get(published) ?? owner) !== owner) return undefined
  taken.set(published, owner)
  return published
}

function planService(conversion: Conversion, service: ServiceConversion, taken: Taken): void {
  const offer = offerOf(conversion, service)
  const route = planRoute(conversion, service, offer)
  if (route !== undefined) service.plan.route = route
  if (service.plan.ports.length === 0) return
  for (const [index, port] of (service.compose.ports ?? []).entries())
    planPort(service, port, index, offer, taken)
}

function publishedName({ owners }: Conversion, { plan }: ServiceConversion): string {
  return nameBeside(plan.name, 'published', (name) => owners.has(name))
}

function publishedService(conversion: Conversion, service: ServiceConversion): KubeObject {
  const { plan } = service
  const type = offerOf(conversion, service).type === 'LoadBalancer' ? 'LoadBalancer' : 'NodePort'
  const metadata = metadataFor(conversion, publishedName(conversion, service), service)
  annotate(metadata, 'landfall.dev/compose-service', service.service)
  annotate(
    metadata,
    'landfall.dev/published',
    plan.published
      .map((p) => `${p.published ?? p.port}:${p.port}/${p.protocol.toLowerCase()}`)
      .join(','),
  )
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata,
    spec: {
      type,
      ...(plan.reach.mode === 'ready' ? {} : { publishNotReadyAddresses: true }),
      selector: selectorOf(conversion.project.name, plan.name),
      ports: numbersFirst(plan.published).map((published) => ({
        name: portName(published),
        port: type === 'LoadBalancer' ? (published.published ?? published.port) : published.port,
        targetPort: published.port,
        protocol: published.protocol,
        ...(published.appProtocol === undefined ? {} : { appProtocol: published.appProtocol }),
        ...(published.nodePort === undefined ? {} : { nodePort: published.nodePort }),
      })),
    },
  }
}

/** The API gives numbers in the order of the list: what it may choose must not take one that is asked for. */
function numbersFirst(ports: readonly PublishedPort[]): PublishedPort[] {
  const asked = ({ nodePort }: PublishedPort) => nodePort !== undefined
  return [...ports.filter(asked), ...ports.filter((port) => !asked(port))]
}

export default {
  id,
  title: 'Offer published ports outside the cluster, beside the ports that peers dial',
  plan(conversion) {
    const taken: Taken = new Map()
    for (const service of conversion.services) planService(conversion, service, taken)
  },
  build({ objects }, conversion) {
    for (const service of conversion.services) {
      const { published, route, name } = service.plan
      if (published.length > 0)
        objects.set(
          `service/${publishedName(conversion, service)}`,
          publishedService(conversion, service),
        )
      if (route !== undefined)
        objects.set(
          `${route.kind === 'Ingress' ? 'ingress' : 'httproute'}/${name}`,
          routeObject(conversion, service, route) as KubeObject,
        )
    }
  },
} satisfies Adaptation
