import type { Port } from '@landfall/compose'
import type { ServiceConversion } from '../../conversion.ts'
import { isOnNode } from '../../facts/networks.ts'
import { isInSpan, spanText } from '../../facts/port-ranges.ts'
import type { LedgerEntry } from '../../ledger/ledger.ts'
import type { PublishedPort } from '../../plan/plan.ts'
import { addressOf, isForTheMachine, type Offer } from './exposure.ts'
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
  /** Ports of one range with places of one kind are told in one line. */
  kind: string
  outcome: LedgerEntry['outcome']
  dangerous?: true
  /** For one port, or for the first and the last of a run. */
  reason(first: Port, last: Port): string
  hint?(first: Port, last: Port): string
  /** What the plan says of it, where it is offered outside. */
  published?: PublishedPort
}

/** Decides where one published port is offered. */
export function placeOf(service: ServiceConversion, port: Port, offer: Offer, given: Given): Place {
  if (!(port.target > 0))
    return { kind: 'none', outcome: 'ignored', reason: () => 'names no port of the container' }
  const without = elsewhere(service, port, offer, given)
  if (without !== undefined) return without
  const place = isOnNode(service)
    ? onTheNetworkOfANode(port)
    : offer.type === 'HostPort'
      ? onAHostPort(port)
      : offer.type === 'LoadBalancer'
        ? onALoadBalancer()
        : onANodePort(service, port, given.taken)
  const published = numberOf(port)
  const address = addressOf(port)
  return {
    ...place,
    reason: (first, last) =>
      `${place.reason(first, last)}${address === undefined ? '' : `, not only at ${address}`}`,
    published: {
      port: port.target,
      protocol: port.protocol.toUpperCase() as PublishedPort['protocol'],
      ...(published === undefined ? {} : { published }),
      ...(port.app_protocol === undefined ? {} : { appProtocol: port.app_protocol }),
      ...place.published,
    },
  }
}

/** The published number, where there is one; a choice of several is none. */
function numberOf({ published }: Port): number | undefined {
  return /^\d+$/.test(published ?? '') ? Number(published) : undefined
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
): Place | undefined {
  const { plan } = service
  const { route } = plan
  if (isForTheMachine(port))
    return {
      kind: 'for the machine',
      outcome: 'adapted',
      reason: () => 'published for this machine alone, so it is not offered outside the cluster',
      hint: ({ published, target }) =>
        `kubectl port-forward service/${plan.name} ${published ?? target}:${target}`,
    }
  if (type === 'none')
    return {
      kind: 'inside',
      outcome: 'adapted',
      reason: () => 'offered inside the cluster only, as landfall.yaml says',
    }
  if (!isOnNode(service) && isUnlisted(service, port))
    return {
      kind: 'too many',
      outcome: 'dropped',
      dangerous: true,
      reason: (first, last) =>
        `${spanOfTargets(first, last)}/${first.protocol} are more ports than a Service can offer, so they can be reached inside the cluster only`,
      hint: () =>
        `services.${service.service}.host: { network: true } in landfall.yaml offers them at the node where the pod runs; or publish fewer`,
    }
  if (route !== undefined && route.port === port.target && port.protocol === 'tcp')
    return {
      kind: 'route',
      outcome: 'adapted',
      reason: () =>
        `${addressOfRoute(route)} of ${route.kind === 'Ingress' ? 'an Ingress' : `the Gateway ${route.gateway}`}`,
    }
  // A Service cannot offer a port under two numbers.
  const known = given.offered.has(offeredKey(port))
  return known
    ? {
        kind: 'known',
        outcome: 'adapted',
        reason: (first, last) =>
          `offered already: another number for ${spanOfTargets(first, last)}`,
      }
    : undefined
}

function isUnlisted({ plan }: ServiceConversion, { target, protocol }: Port): boolean {
  return plan.unlisted.some((span) => isInSpan(span, { port: target, protocol }))
}

type Outside = Omit<Place, 'published'> & { published: Partial<PublishedPort> }

/** The program listens at the node itself: nothing can give it another number. */
function onTheNetworkOfANode(port: Port): Outside {
  const same = (numberOf(port) ?? port.target) === port.target
  return {
    kind: same ? 'node' : 'other number of the node',
    outcome: same ? 'kept' : 'adapted',
    reason: (first, last) =>
      same
        ? `${ports(first, last)} ${spanOfTargets(first, last)} of the node where its pod runs`
        : `${ports(first, last)} ${spanOfTargets(first, last)} of the node where its pod runs, not ${spanOfNumbers(first, last)}: the pod has the network of the node`,
    published: { hostPort: port.target },
  }
}

function onAHostPort(port: Port): Outside {
  return {
    kind: 'host port',
    outcome: 'kept',
    reason: (first, last) =>
      `${ports(first, last)} ${spanOfNumbers(first, last)} of the node where its pod runs, one pod a node`,
    published: { hostPort: numberOf(port) ?? port.target },
  }
}

function onALoadBalancer(): Outside {
  return {
    kind: 'load balancer',
    outcome: 'adapted',
    reason: (first, last) =>
      `${ports(first, last)} ${spanOfNumbers(first, last)} of a load balancer`,
    published: { balanced: true },
  }
}

function onANodePort({ plan }: ServiceConversion, port: Port, taken: Taken): Outside {
  const nodePort = freeNodePort(numberOf(port), `${plan.name}:${port.target}`, taken)
  if (nodePort !== undefined)
    return {
      kind: 'node port',
      outcome: 'kept',
      reason: (first, last) => `${ports(first, last)} ${spanOfNumbers(first, last)} of every node`,
      published: { nodePort },
    }
  return {
    kind: 'any node port',
    outcome: 'adapted',
    reason: (first, last) =>
      first === last
        ? 'a port of every node, from 30000 to 32767, which the cluster chooses'
        : `${spanOfTargets(first, last)}/${first.protocol}: ports of every node, from 30000 to 32767, which the cluster chooses`,
    published: {},
  }
}

function ports(first: Port, last: Port): string {
  return first === last ? 'port' : 'ports'
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
