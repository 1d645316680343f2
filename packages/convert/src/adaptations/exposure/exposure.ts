import type { Port } from '@landfall/compose'
import type { Conversion, ServiceConversion } from '../../conversion.ts'
import type { Exposure } from '../../settings/landfall-file.ts'

/** How a service is offered outside: its own settings, before those of the project. */
export type Offer = Exposure & { type: NonNullable<Exposure['type']> }

/** Addresses on which Docker publishes for the machine itself. */
const LOOPBACK = /^(127\.|::1$|\[::1\]$|localhost$)/

/** Addresses that mean all of the machine's. */
const ANY = /^(0\.0\.0\.0|::|\[::\])$/

/** The host of the whole project is a domain: each service has its name below it. */
export function offerOf(conversion: Conversion, { settings, plan }: ServiceConversion): Offer {
  const all = conversion.settings.expose ?? {}
  const own = settings.expose ?? {}
  const routed = (exposure: Exposure) =>
    exposure.host !== undefined || exposure.path !== undefined ? 'Ingress' : undefined
  const type = own.type ?? routed(own) ?? all.type ?? routed(all) ?? 'NodePort'
  const host = own.host ?? (all.host === undefined ? undefined : `${plan.name}.${all.host}`)
  return { ...all, ...own, type, ...(host === undefined ? {} : { host }) }
}

export function isForTheMachine({ host_ip }: Port): boolean {
  return host_ip !== undefined && LOOPBACK.test(host_ip)
}

/** One address of the machine, where the project names one. */
export function addressOf({ host_ip }: Port): string | undefined {
  return host_ip === undefined || host_ip === '' || ANY.test(host_ip) ? undefined : host_ip
}

/** The port behind an Ingress or a Gateway: the one that is named, or the first that is published over TCP. */
export function routedPort({ compose }: ServiceConversion, offer: Offer): number | undefined {
  if (offer.type !== 'Ingress' && offer.type !== 'Gateway') return undefined
  const published = (compose.ports ?? []).find(
    (port) => port.protocol === 'tcp' && !isForTheMachine(port),
  )
  return offer.port ?? published?.target
}
