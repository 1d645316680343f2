import type { Port } from '@landfall/compose'
import type { ServiceConversion } from '../../conversion.ts'
import { isOnNode } from '../../facts/names/networks.ts'
import { isInSpan, spanText } from '../../facts/ports/port-ranges.ts'
import type { Reason } from '../../ledger/reasons.ts'
import type { PublishedPort } from '../../plan/plan.ts'
import { isForTheMachine, type Offer } from './exposure.ts'
import { reason } from './reasons.ts'
import { addressOfRoute } from './route.ts'

/**
 * Ports of nodes that are given away, over all services, each with the service and port that has it: the API gives one
 * number twice only to TCP and UDP of the same port of one Service.
 */
type Taken = Map<number, string>

/** What is given away already. */
export interface Given {
  taken: Taken
  /** Ports of the service that have a place, see `offeredKey`. */
  offered: Set<string>
}

/** `80/tcp` */
export function offeredKey({ target, protocol }: Port): string {
  return `${target}/${protocol}`
}

/** Where a published port is offered. */
export interface Place {
  /** For one port, or for the first and the last of a run. */
  reasonOf(first: Port, last: Port): Reason
  /** What the plan has of it, where it is offered outside. */
  published?: PublishedPort
}

/** Decides where one published port is offered. */
export function placeOf(service: ServiceConversion, port: Port, offer: Offer, given: Given): Place {
  if (!(port.target > 0)) return { reasonOf: () => reason('no-port') }
  const without = elsewhere(service, port, offer, given)
  if (without !== undefined) return { reasonOf: without }
  const place = isOnNode(service)
    ? onTheNetworkOfANode(port)
    : offer.type === 'HostPort'
      ? onAHostPort(port)
      : offer.type === 'LoadBalancer'
        ? onALoadBalancer()
        : onANodePort(service, port, given.taken)
  const published = numberOf(port)
  return {
    reasonOf: place.reasonOf,
    published: {
      port: port.target,
      protocol: port.protocol.toUpperCase() as PublishedPort['protocol'],
      ...(published === undefined ? {} : { published }),
      ...(port.app_protocol === undefined ? {} : { appProtocol: port.app_protocol }),
      ...place.published,
    },
  }
}

/** The published number, where there is one; a choice of several is none, and with 0 Docker chooses one. */
function numberOf({ published }: Port): number | undefined {
  return /^0*[1-9]\d*$/.test(published ?? '') ? Number(published) : undefined
}

function spanOfTargets(first: Port, last: Port): string {
  return spanText(first.target, last.target)
}

function spanOfNumbers(first: Port, last: Port): string {
  return spanText(first.published ?? first.target, last.published ?? last.target)
}

/** Why a port gets no place in the published Service, where it gets none. */
function elsewhere(
  service: ServiceConversion,
  port: Port,
  { type }: Offer,
  given: Given,
): Place['reasonOf'] | undefined {
  const { plan } = service
  const { route } = plan
  if (isForTheMachine(port))
    return ({ published, target }) =>
      reason('localhost-only', { name: plan.name, published: published ?? target, target })
  if (type === 'none') return () => reason('inside-only')
  if (!isOnNode(service) && isUnlisted(service, port))
    return (first, last) =>
      reason('too-many-ports', {
        ports: `${spanOfTargets(first, last)}/${first.protocol}`,
        service: service.service,
      })
  if (route !== undefined && route.port === port.target && port.protocol === 'tcp') {
    const address = addressOfRoute(route)
    return () =>
      route.kind === 'Ingress'
        ? reason('ingress', { address })
        : reason('gateway', { address, gateway: route.gateway ?? '' })
  }
  // A Service cannot offer a port under two numbers.
  if (!given.offered.has(offeredKey(port))) return undefined
  return (first, last) => reason('published-twice', { port: spanOfTargets(first, last) })
}

function isUnlisted({ plan }: ServiceConversion, { target, protocol }: Port): boolean {
  return plan.unlisted.some((span) => isInSpan(span, { port: target, protocol }))
}

interface Outside {
  reasonOf: Place['reasonOf']
  published: Partial<PublishedPort>
}

/** The program listens at the node itself: nothing can give it another number. */
function onTheNetworkOfANode(port: Port): Outside {
  const same = (numberOf(port) ?? port.target) === port.target
  return {
    reasonOf(first, last) {
      const ports = portsText(first, last, spanOfTargets(first, last))
      return same
        ? reason('node-network', { ports })
        : reason('other-number', { ports, published: spanOfNumbers(first, last) })
    },
    published: { hostPort: port.target },
  }
}

function onAHostPort(port: Port): Outside {
  return {
    reasonOf: (first, last) => reason('host-port', { ports: publishedText(first, last) }),
    published: { hostPort: numberOf(port) ?? port.target },
  }
}

function onALoadBalancer(): Outside {
  return {
    reasonOf: (first, last) => reason('load-balancer', { ports: publishedText(first, last) }),
    published: { balanced: true },
  }
}

function onANodePort({ plan }: ServiceConversion, port: Port, taken: Taken): Outside {
  const nodePort = freeNodePort(numberOf(port), `${plan.name}:${port.target}`, taken)
  if (nodePort !== undefined)
    return {
      reasonOf: (first, last) => reason('node-port', { ports: publishedText(first, last) }),
      published: { nodePort },
    }
  return {
    reasonOf: (first, last) =>
      first === last
        ? reason('assigned-node-port')
        : reason('assigned-node-ports', {
            ports: `${spanOfTargets(first, last)}/${first.protocol}`,
          }),
    published: {},
  }
}

/** `port 8080`, `ports 8080-8090` */
function portsText(first: Port, last: Port, span: string): string {
  return `${first === last ? 'port' : 'ports'} ${span}`
}

function publishedText(first: Port, last: Port): string {
  return portsText(first, last, spanOfNumbers(first, last))
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
