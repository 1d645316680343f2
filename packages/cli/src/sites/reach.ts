import { GATE_IMAGE, type LoadedSite, type ReachedAt, type ReachedPort } from '@landfall/convert'
import { nodeAddresses, type PublishedAt, publishedAt, reachFrom } from '@landfall/deploy'
import { withCluster } from '../cluster/with-cluster.ts'
import type { UpOptions } from '../commands/up/options.ts'
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
  options: UpOptions
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
  const first = grouped(wanted.map((one) => ({ ...one, host: one.published.hosts[0] ?? '' })))
  return (site, service) =>
    site === input.site.name ? own.get(service) : first.get(`${site}/${service}`)
}

/** What the site connects to: ports of services that are not declared, of each other site. */
async function readWanted({ site, sites, options, terminal }: ReachInput): Promise<Wanted[]> {
  const found: Wanted[] = []
  const needed = site.connections.filter(({ why }) => why === 'address')
  for (const name of new Set(needed.map((one) => one.site))) {
    const other = sites.find((one) => one.name === name) as LoadedSite
    const services = [
      ...new Set(needed.filter((one) => one.site === name).map(({ service }) => service)),
    ].filter((service) => other.addresses[service] === undefined)
    if (services.length === 0) continue
    const published = await publishedBy(other, options, terminal)
    for (const service of services) {
      const ports = published.filter((one) => one.service === service)
      if (ports.length === 0)
        throw new CommandFailed(
          `${name}/${service} is not published in namespace ${other.namespace}: deploy ${name} first, with ports of ${service} that are exposed`,
        )
      const [pending] = ports.filter(({ hosts }) => hosts.length === 0)
      if (pending !== undefined)
        throw new CommandFailed(
          `${name}/${service} has no address yet: its load balancer has none, or no node of ${name} is ready`,
        )
      found.push(...ports.map((one) => ({ site: name, published: one })))
    }
  }
  return found
}

async function publishedBy(
  other: LoadedSite,
  options: UpOptions,
  terminal: Terminal,
): Promise<PublishedAt[]> {
  const { options: there } = placedAt(other, targetOf(options), terminal)
  const { namespace, project: release } = other
  try {
    return await withCluster(there, terminal, namespace, ({ client }) =>
      publishedAt({ client, release, namespace, signal: AbortSignal.timeout(ANSWER_MS) }),
    )
  } catch (error) {
    if (!(error instanceof ClusterUnreachable)) throw error
    throw new ClusterUnreachable(`its address at ${other.name} cannot be read: ${error.message}`)
  }
}

const ANSWER_MS = 20_000

/** The options that choose a cluster, without those of the site that is deployed. */
export function targetOf({ local, cluster }: UpOptions): UpOptions {
  return { ...(local !== undefined && { local }), ...(cluster !== undefined && { cluster }) }
}

/** Tries each port from a pod of the site. */
async function chooseReached(
  wanted: readonly Wanted[],
  { site, sites, options, terminal }: ReachInput,
): Promise<Map<string, ReachedPort[]>> {
  const tcp = wanted.filter(({ published }) => published.protocol === 'tcp')
  const udp = wanted.filter(({ published }) => published.protocol === 'udp')
  const answered = await tryFrom(
    site,
    tcp.map(({ published }) => published.hosts.map((host) => pairOf(host, published.number))),
    options,
    terminal,
  )
  const chosen = tcp.map((one, index) => {
    const { published } = one
    const host = published.hosts.find(
      (candidate) => pairOf(candidate, published.number) === answered[index],
    )
    if (host === undefined) {
      const other = sites.find(({ name }) => name === one.site) as LoadedSite
      throw new CommandFailed(unreached(site, other, published))
    }
    return { ...one, host }
  })
  return grouped([...chosen, ...udp.map((one) => ({ ...one, host: one.published.hosts[0] ?? '' }))])
}

/** What does not answer, from where, and what has to be open. */
export function unreached(
  { name }: Pick<LoadedSite, 'name'>,
  other: Pick<LoadedSite, 'name'>,
  { service, port, hosts, number }: PublishedAt,
): string {
  const [first = '', ...more] = hosts
  const also = more.length > 0 ? `, nor at ${more.join(', ')}` : ''
  return `pods of ${name} cannot connect to ${other.name}/${service}:${port} at ${pairOf(first, number)}${also}: allow TCP from the nodes of ${name} to port ${number} of ${other.name}, or declare another way: sites.${other.name}.addresses.${service}`
}

/** Where ports have answered a pod of the site. Throws CommandFailed if that cannot be known. */
export async function tryFrom(
  site: LoadedSite,
  ports: readonly (readonly string[])[],
  options: UpOptions,
  terminal: Terminal,
): Promise<readonly (string | undefined)[]> {
  if (ports.length === 0) return []
  const { options: there } = placedAt(site, targetOf(options), terminal)
  const { namespace, project: release } = site
  const image = site.gateImage ?? GATE_IMAGE
  const signal = terminal.interruption()
  const result = await withCluster(there, terminal, namespace, ({ client }) =>
    reachFrom({ client, release, namespace, image, ports, signal }),
  )
  if ('unknown' in result)
    throw new CommandFailed(
      `whether pods of ${site.name} reach other sites cannot be tested: ${result.unknown}`,
    )
  return result.answered
}

/** `10.0.0.7:31090`, `[2001:db8::1]:443` */
export function pairOf(host: string, number: number): string {
  return `${host.includes(':') ? `[${host}]` : host}:${number}`
}

function grouped(all: readonly (Wanted & { host: string })[]): Map<string, ReachedPort[]> {
  const found = new Map<string, ReachedPort[]>()
  for (const { site, published, host } of all) {
    const key = `${site}/${published.service}`
    const { port, protocol, number } = published
    // one service has one address: that of its first port
    const at = found.get(key)?.[0]?.host ?? host
    found.set(key, [...(found.get(key) ?? []), { port, protocol, host: at, number }])
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
    for (const { service, port, protocol, hosts, number } of published)
      if (hosts[0] !== undefined)
        found.set(service, [
          ...(found.get(service) ?? []),
          { port, protocol, host: hosts[0], number },
        ])
    if (node !== undefined)
      for (const service of site.services)
        if (!found.has(service))
          found.set(service, [{ port: 0, protocol: 'tcp', host: node, number: undefined }])
  })
  return found
}
