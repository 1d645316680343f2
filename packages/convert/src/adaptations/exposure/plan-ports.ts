import type { Port } from '@landfall/compose'
import type { Conversion, ServiceConversion } from '../../conversion.ts'
import { type PortRange, portRanges, runsOf } from '../../facts/ports/port-ranges.ts'
import type { PublishedPort } from '../../plan/plan.ts'
import { addressOf, type Offer, offerOf } from './exposure.ts'
import { forwardedPort } from './forwarded.ts'
import { reportMediaPorts } from './media-ports.ts'
import { type Given, offeredKey, type Place, placeOf } from './place.ts'
import { reason } from './reasons.ts'
import { planRoute } from './route.ts'

interface Placed {
  index: number
  port: Port
  place: Place
}

/** Decides for every published port of a service where it is offered; a range is told in one line. */
export function planPorts(
  conversion: Conversion,
  service: ServiceConversion,
  taken: Given['taken'],
): void {
  const offer = offerOf(conversion, service)
  const route = planRoute(conversion, service, offer)
  if (route !== undefined) service.plan.route = route
  const { ports, unlisted, tooManyPorts } = service.plan
  if (tooManyPorts || (ports.length === 0 && unlisted.length === 0)) return
  const ranges = portRanges(conversion, service)
  // Answers for the ports that have no entry of their own.
  if (ranges.some(({ ports }) => ports.length > 1))
    service.note(['ports'], reason('ranges', { count: service.compose.ports?.length ?? 0 }))
  const given: Given = { taken, offered: new Set() }
  for (const range of ranges) planRange(conversion, service, range, offer, given)
  const { plan, compose, at } = service
  if (compose.deploy?.update_config !== undefined && plan.published.some(onNode))
    conversion.ledger.amend(at('deploy', 'update_config'), reason('stops-first'))
  reportMediaPorts(conversion, service)
  planOptional(conversion, service)
}

/** Published ports that landfall.yaml says need not answer. */
function planOptional(
  { report }: Conversion,
  { service, plan, settings: { optionalPorts = [] }, at }: ServiceConversion,
): void {
  for (const published of plan.published)
    if (optionalPorts.includes(published.port)) published.optional = true
  for (const [index, port] of optionalPorts.entries())
    if (![...plan.published, ...plan.ports].some((known) => known.port === port))
      report({
        code: 'convert/unused-setting',
        severity: 'warning',
        message: `optionalPorts: no service is known to connect to port ${port} of ${service}`,
        path: at('optionalPorts', index),
        hint: 'use a container port, or remove it',
      })
}

function onNode({ hostPort }: PublishedPort): boolean {
  return hostPort !== undefined
}

function planRange(
  { ledger }: Conversion,
  service: ServiceConversion,
  range: PortRange,
  offer: Offer,
  given: Given,
): void {
  const { plan, note, at } = service
  const placed = range.ports.map((port, offset): Placed => {
    const place = placeOf(service, port, offer, given)
    if (place.published !== undefined) {
      given.offered.add(offeredKey(port))
      plan.published.push({
        ...place.published,
        ...(range.ports.length === 1 ? {} : { range: range.index }),
      })
    } else if (port.target > 0) plan.forwarded.push(forwardedPort(port))
    return { index: range.index + offset, port, place }
  })
  for (const run of runsOf(placed, (a, b) => codeOf(a) === codeOf(b))) {
    const [first] = run as [Placed]
    const last = run.at(-1) as Placed
    note(['ports', first.index], first.place.reasonOf(first.port, last.port))
    const address = addressOf(first.port)
    if (address !== undefined && first.place.published !== undefined)
      ledger.amend(at('ports', first.index), reason('every-address', { address }))
  }
}

/** Neighbours with one code are one entry. */
function codeOf({ port, place }: Placed): string {
  return place.reasonOf(port, port).code
}
