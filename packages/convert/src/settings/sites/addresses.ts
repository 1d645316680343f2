import { isIP } from 'node:net'
import type { Project } from '@landfall/compose'
import { ownValue } from '@landfall/diagnostic'
import type { LandfallFile } from '../landfall-file.ts'
import { suggestion } from '../validate.ts'
import { declaredPorts } from './declared-ports.ts'
import type { Path, Report } from './problem.ts'
import { referenceText } from './references.ts'
import type { ReachedAt, ReachedPort, Site, SiteReference } from './site.ts'

export interface Reached {
  reference: SiteReference
  /** Those that are meant; undefined if they are not known. */
  ports: readonly KnownPort[] | undefined
}

/** With a number where one is needed. */
export type KnownPort = ReachedPort & { number: number }

/** What is wrong with a reference to a service of a site, and what to do. */
export function problemOf(
  { site, service, port }: SiteReference,
  sites: readonly Site[],
  project: Project,
): readonly [message: string, hint: string] | undefined {
  const found = sites.find(({ name }) => name === site)
  if (found === undefined)
    return [
      `there is no site "${site}"`,
      suggestion(
        site,
        sites.map(({ name }) => name),
      ),
    ]
  if (!found.services.includes(service))
    return [
      `the site ${site} has no service "${service}"`,
      found.services.length === 0 ? `sites.${site}.services` : suggestion(service, found.services),
    ]
  if (ownValue(found.addresses, service) !== undefined) return undefined
  const ports = ownValue(project.services, service)?.ports ?? []
  if (ports.length === 0)
    return [
      `${service} publishes no port, so other sites cannot reach it`,
      `add ports to ${service} in the Compose file, or declare sites.${site}.addresses.${service}`,
    ]
  if (port !== undefined && !ports.some(({ target }) => target === port))
    return [
      `${service} does not publish port ${port}`,
      `its published container ports: ${[...new Set(ports.map(({ target }) => target))].join(', ')}`,
    ]
  return undefined
}

/** The ports of a reference: as declared, else as the cluster of the site reports them. */
export function portsAt(
  { site, service, port }: SiteReference,
  { sites, project, reachedAt }: { sites: readonly Site[]; project: Project; reachedAt: ReachedAt },
): readonly ReachedPort[] | undefined {
  const declared = sites.find(({ name }) => name === site)?.addresses[service]
  const ports =
    declared === undefined
      ? reachedAt(site, service)
      : declaredPorts(declared, project.services[service]?.ports ?? [])
  const meant = port === undefined ? ports : ports?.filter((one) => one.port === port)
  return meant?.length === 0 ? undefined : meant
}

/** The host, `host:port`, or the port of a service of a site. */
export function textOf(
  { reference, ports }: Reached,
  key: 'addressOf' | 'portOf',
  path: Path,
  report: Report,
): string | number {
  const { site, service, port } = reference
  const [first, ...others] = ports ?? []
  const host = first?.host ?? `${service}.${site}.invalid`
  if (key === 'portOf') {
    if (port === undefined && others.some(({ number }) => number !== first?.number))
      report(
        'convert/site-address',
        path,
        `${referenceText(reference)} publishes several ports`,
        `write which one: ${referenceText({ ...reference, port: first?.port ?? 80 })}`,
      )
    return first?.number ?? port ?? 0
  }
  if (port === undefined) return host
  return `${host.includes(':') ? `[${host}]` : host}:${first?.number ?? port}`
}

/** What a service of another site is as one outside of the project. */
export function outside(
  { reference, ports }: Reached,
  path: Path,
  report: Report,
): NonNullable<LandfallFile['external']>[string] {
  const { site, service } = reference
  const host = ports?.[0]?.host
  if (ports === undefined || host === undefined) return { host: `${service}.${site}.invalid` }
  const same = ports.filter((one) => one.host === host)
  const elsewhere = ports.find((one) => one.host !== host)
  if (elsewhere !== undefined)
    report(
      'convert/site-address',
      path,
      `${referenceText(reference)} is at ${host} and, with port ${elsewhere.port}, at ${elsewhere.host}: one name cannot lead to both`,
      `declare one address: sites.${site}.addresses.${service}`,
    )
  if (isIP(host) > 0)
    return {
      address: host,
      ports: same.map(({ port, number, protocol }) => `${port}:${number}/${protocol}`),
    }
  const [moved] = same.filter(({ port, number }) => port !== number)
  if (moved !== undefined)
    report(
      'convert/site-address',
      path,
      `port ${moved.port} of ${referenceText(reference)} is port ${moved.number} of ${host}, and a name cannot change a port`,
      `declare an IP address: sites.${site}.addresses.${service}`,
    )
  return { host }
}
