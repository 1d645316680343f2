import { GATE_IMAGE, type LoadedSite, type ReachedAt, type ReachedPort } from '@landfall/convert'
import {
  clusterIdentity,
  nodeAddresses,
  type Place,
  type PublishedAt,
  publishedAt,
  reachFrom,
} from '@landfall/deploy'
import type { TargetOptions } from '../cluster/options.ts'
import { withCluster } from '../cluster/with-cluster.ts'
import { ClusterUnreachable, CommandFailed } from '../errors.ts'
import type { Terminal } from '../terminal.ts'
import { placedAt } from './at-site.ts'

/** A port of a service of another site, with the places where it may be. */
interface Wanted {
  site: string
  published: PublishedAt
}

export interface ReachInput {
  site: LoadedSite
  sites: readonly LoadedSite[]
  /** Whether another site is deployed before this one; where two need each other, a declared address is tested later. */
  isBefore?: (name: string) => boolean
  options: TargetOptions
  terminal: Terminal
}

/**
 * Where services of other sites are, as the clusters of these sites report it; each is tried from a pod of the site. Throws ClusterUnreachable if one of the
 * clusters does not respond, and CommandFailed if a service is not published, or cannot be reached.
 */
export async function readReached(input: ReachInput): Promise<ReachedAt> {
  const wanted = await readWanted(input)
  const chosen = await chooseReached(wanted, input)
  const own = await readOwn(input)
  return (site, service) =>
    site === input.site.name ? own.get(service) : chosen.get(`${site}/${service}`)
}

/** The same without a test, for commands that change nothing: the first place of each port. */
export async function readPublished(input: ReachInput): Promise<ReachedAt> {
  const wanted = await readWanted(input)
  const own = await readOwn(input)
  const first = grouped(
    wanted.flatMap((one) => one.published.places.slice(0, 1).map((place) => ({ ...one, place }))),
  )
  return (site, service) =>
    site === input.site.name ? own.get(service) : first.get(`${site}/${service}`)
}

/** What the site connects to: ports of services of each other site, as they are declared or as its cluster reports them. */
async function readWanted(input: ReachInput): Promise<Wanted[]> {
  const { site, sites, options, terminal, isBefore = () => true } = input
  const found: Wanted[] = []
  const needed = site.connections.filter(({ why }) => why === 'address')
  for (const name of new Set(needed.map((one) => one.site))) {
    const other = sites.find((one) => one.name === name) as LoadedSite
    const all = [
      ...new Set(needed.filter((one) => one.site === name).map(({ service }) => service)),
    ]
    for (const [service, ports] of Object.entries(other.declared))
      if (all.includes(service) && isBefore(name))
        found.push(...ports.map((one) => ({ site: name, published: asDeclared(service, one) })))
    const services = all.filter((service) => other.declared[service] === undefined)
    if (services.length === 0) continue
    const published = await publishedFor(site, other, options, terminal)
    for (const service of services) {
      const ports = published.filter((one) => one.service === service)
      if (ports.length === 0)
        throw new CommandFailed(
          `${name}/${service} is not published in namespace ${other.namespace}: deploy ${name} first, with ports of ${service} that are exposed`,
        )
      const [pending] = ports.filter(({ places }) => places.length === 0)
      if (pending !== undefined)
        throw new CommandFailed(
          `${name}/${service} has no address yet: its load balancer has none, or no node of ${name} is ready`,
        )
      found.push(...ports.map((one) => ({ site: name, published: one })))
    }
  }
  return found
}

/** A declared address without a number is a name or an address alone: there is no port to try. */
export function asDeclared(
  service: string,
  { port, protocol, host, number }: ReachedPort,
): PublishedAt {
  const places = number === undefined ? [] : [{ host, number }]
  return { service, port, protocol, places }
}

/**
 * What a site publishes, with the places where pods of another one may reach it, the best first. Throws ClusterUnreachable if its cluster does not
 * respond.
 */
export async function publishedFor(
  from: LoadedSite,
  to: LoadedSite,
  options: TargetOptions,
  terminal: Terminal,
): Promise<PublishedAt[]> {
  const signal = () => AbortSignal.timeout(ANSWER_MS)
  const identityOf = (site: LoadedSite) => {
    const { options: there } = placedAt(site, targetOf(options), terminal)
    return withCluster(there, terminal, site.namespace, ({ client }) =>
      clusterIdentity(client, signal()),
    )
  }
  const { options: there } = placedAt(to, targetOf(options), terminal)
  const { namespace, project: release } = to
  try {
    const published = await withCluster(there, terminal, namespace, ({ client }) =>
      publishedAt({ client, release, namespace, signal: signal() }),
    )
    const isNear = published.some(({ inside }) => inside !== undefined)
    const [here, other] = isNear ? await Promise.all([from, to].map(identityOf)) : []
    if (here === undefined || here !== other) return published
    return published.map((one) => ({
      ...one,
      places: one.inside === undefined ? one.places : [one.inside, ...one.places],
    }))
  } catch (error) {
    if (!(error instanceof ClusterUnreachable)) throw error
    throw new ClusterUnreachable(`what ${to.name} publishes cannot be read: ${error.message}`)
  }
}

const ANSWER_MS = 20_000

/** The options that choose a cluster, without those of the site that is deployed. */
export function targetOf({ local, cluster }: TargetOptions): TargetOptions {
  return { ...(local !== undefined && { local }), ...(cluster !== undefined && { cluster }) }
}

/** Tries each port from a pod of the site. */
async function chooseReached(
  wanted: readonly Wanted[],
  { site, sites, options, terminal }: ReachInput,
): Promise<Map<string, ReachedPort[]>> {
  const tcp = wanted.filter(
    ({ published }) => published.protocol === 'tcp' && published.places.length > 0,
  )
  const udp = wanted.filter(({ published }) => published.protocol === 'udp')
  const answered = await tryFrom(
    site,
    tcp.map(({ published }) => published.places),
    options,
    terminal,
  )
  const chosen = tcp.map((one, index) => {
    const place = answered[index]
    if (place !== undefined) return { ...one, place }
    const other = sites.find(({ name }) => name === one.site) as LoadedSite
    throw new CommandFailed(unreached(site, other, one.published))
  })
  const untested = udp.flatMap((one) =>
    one.published.places.slice(0, 1).map((place) => ({ ...one, place })),
  )
  return grouped([...chosen, ...untested])
}

/** What does not answer, from where, and what has to be open. */
export function unreached(
  { name }: Pick<LoadedSite, 'name'>,
  other: Pick<LoadedSite, 'name'>,
  { service, port, places }: PublishedAt,
): string {
  const [first, ...more] = places.map(pairOf)
  const also = more.length > 0 ? `, nor at ${more.join(', ')}` : ''
  const numbers = [...new Set(places.map(({ number }) => number))]
  return `pods of ${name} cannot connect to ${other.name}/${service}:${port} at ${first}${also}: allow TCP from the nodes of ${name} to port ${numbers.join(' or ')} of ${other.name}, or declare another way: sites.${other.name}.addresses.${service}`
}

/** Where ports have answered a pod of the site. Throws CommandFailed if that cannot be known. */
export async function tryFrom(
  site: LoadedSite,
  ports: readonly (readonly Place[])[],
  options: TargetOptions,
  terminal: Terminal,
): Promise<readonly (Place | undefined)[]> {
  if (ports.length === 0) return []
  const { options: there } = placedAt(site, targetOf(options), terminal)
  const { namespace, project: release } = site
  const image = site.gateImage ?? GATE_IMAGE
  const signal = terminal.interruption()
  const result = await withCluster(there, terminal, namespace, ({ client }) =>
    reachFrom({
      ...{ client, release, namespace, image, signal },
      ports: ports.map((places) => places.map(pairOf)),
    }),
  )
  if ('unknown' in result)
    throw new CommandFailed(
      `whether pods of ${site.name} reach other sites cannot be tested: ${result.unknown}`,
    )
  const { answered } = result
  return ports.map((places, index) => places.find((one) => pairOf(one) === answered[index]))
}

/** `10.0.0.7:31090`, `[2001:db8::1]:443` */
function pairOf({ host, number }: Place): string {
  return `${host.includes(':') ? `[${host}]` : host}:${number}`
}

function grouped(all: readonly (Wanted & { place: Place })[]): Map<string, ReachedPort[]> {
  const found = new Map<string, ReachedPort[]>()
  for (const { site, published, place } of all) {
    const key = `${site}/${published.service}`
    const { port, protocol } = published
    found.set(key, [...(found.get(key) ?? []), { port, protocol, ...place }])
  }
  return found
}

/** The site's own published ports; before it is deployed, the address of a node without a number. */
async function readOwn({
  site,
  options,
  terminal,
}: ReachInput): Promise<Map<string, ReachedPort[]>> {
  const found = new Map<string, ReachedPort[]>()
  if (!site.readsOwnAddresses) return found
  const { options: there } = placedAt(site, targetOf(options), terminal)
  const { namespace, project: release } = site
  await withCluster(there, terminal, namespace, async ({ client }) => {
    const signal = AbortSignal.timeout(ANSWER_MS)
    const published = await publishedAt({ client, release, namespace, signal })
    const [node] = await nodeAddresses(client, signal)
    for (const { service, port, protocol, places } of published)
      for (const place of places.slice(0, 1))
        found.set(service, [...(found.get(service) ?? []), { port, protocol, ...place }])
    if (node !== undefined)
      for (const service of site.services)
        if (!found.has(service))
          found.set(service, [{ port: 0, protocol: 'tcp', host: node, number: undefined }])
  })
  return found
}
