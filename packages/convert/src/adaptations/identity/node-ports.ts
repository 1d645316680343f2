import type { ServiceConversion } from '../../conversion.ts'
import { type CopyPort, numbersOf } from '../../facts/identity.ts'
import type { Identity } from '../../plan/plan.ts'

/** Ports that a Service of type NodePort can have, if the cluster has no other range. https://kubernetes.io/docs/concepts/services-networking/service/#type-nodeport */
const FIRST = 30_000
const LAST = 32_767

/** Gives a port of the node to each copy, or says why that is impossible. */
export function takeNodePorts(
  { service }: ServiceConversion,
  identity: Identity,
  { base, protocol }: CopyPort,
  taken: Map<number, string>,
): { message: string; hint: string } | undefined {
  const numbers = numbersOf(identity).map((number) => base + number)
  const [first = base + identity.from] = numbers
  const last = numbers.at(-1) ?? first
  if (first < FIRST || last > LAST)
    return {
      message: `is ${first} to ${last}, which nodes do not offer: their ports are ${FIRST} to ${LAST}`,
      hint: `let the program listen on ports in this range (${FIRST + 88} + identity), use expose: { type: LoadBalancer }, or { type: none } if only services of the project connect`,
    }
  const met = numbers.find((number) => taken.has(number))
  if (met !== undefined)
    return {
      message: `gives a copy the port ${met}, which ${taken.get(met)} has`,
      hint: 'use numbers that are further apart than there are copies',
    }
  for (const number of numbers)
    taken.set(number, `${service} (${base} + identity/${protocol.toLowerCase()})`)
  return undefined
}
