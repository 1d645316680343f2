import {
  COMPOSE_SERVICE_ANNOTATION,
  isRefusal,
  type KubeClient,
  type KubeObject,
  POD_INDEX_LABEL,
  PUBLISHED_ANNOTATION,
  PUBLISHED_AT_ANNOTATION,
  SOURCE_ANNOTATION,
} from '@landfall/kube'
import { forEachConcurrently } from '../concurrent.ts'
import { RELEASE_LABEL } from '../release/release.ts'
import { numberIn } from '../scale/copy-services.ts'

/** One published port, and whether it answers where people reach it. */
export interface Address {
  /** The service of the project. */
  service: string
  /** The port on which the project publishes it: `8080`. */
  port: string
  /** Empty where nothing offers the port. */
  url: string
  answered: boolean
  /** Why it was not tested, or does not answer. */
  error?: string
  /** The connection was refused: the node was reached, and nothing listens. */
  refused?: true
  /** The project does not require that it answers. */
  optional?: true
  /** Name of the Service that publishes it. */
  publishedBy: string
  /** The container port. */
  target: string
}

/** A place to probe: `host` is a name or an address without brackets. */
export interface Endpoint {
  host: string
  port: number
  /** The port on which the project publishes it. */
  published: string
  /**
   * Something between here and the node takes the connection: that it is refused or closed shows nothing about the program.
   */
  forwarded?: true
}

/** A published port as a cluster offers it. */
export interface OfferedPort {
  /** Name of the Service. */
  service: string
  namespace: string
  /** The port of the Service. */
  port: number
  /** The port of nodes, or of the load balancer. */
  number: number | undefined
  balanced: boolean
  /** The load balancer has no address yet. */
  pending: boolean
}

/** Further ways to a port from here, and the command that makes one where none of them answers. */
export type ReachPort = (port: OfferedPort) => {
  endpoints: readonly Pick<Endpoint, 'host' | 'port'>[]
  hint?: string
}

/** Probes a place; `scheme` is the protocol (`http`, `https`, `tcp`) with which it answers. */
export type ProbeAddress = (
  endpoint: Endpoint,
  signal?: AbortSignal,
) => Promise<{ answered: true; scheme: string } | { answered: false; error: string }>

const REQUESTS_AT_ONCE = 8

/** One of them is on every object that `convert` makes for a service. */
const ANNOTATIONS_OF_CONVERT: ReadonlySet<string> = new Set([
  SOURCE_ANNOTATION,
  COMPOSE_SERVICE_ANNOTATION,
])

export interface AddressOptions {
  client: KubeClient
  release: string
  namespace: string
  probeAddress: ProbeAddress
  /** Names or addresses of the nodes as they are reached from here; those that the cluster reports if omitted. */
  hosts?: readonly string[] | undefined
  /** Ways that the cluster does not report itself. */
  reachPort?: ReachPort | undefined
  signal?: AbortSignal | undefined
}

/** What a probe reports for a refused connection; anything else (no route, no answer) may be due to where it runs. */
const REFUSED = 'ECONNREFUSED'

/** Where the published ports of a release can be reached from here, each probed once. */
export async function releaseAddresses(options: AddressOptions): Promise<Address[]> {
  const { client, release, namespace, probeAddress, hosts, reachPort, signal } = options
  const services = await client.list(
    { apiVersion: 'v1', kind: 'Service', namespace },
    { labelSelector: `${RELEASE_LABEL}=${release}`, signal },
  )
  const offering = services.items.flatMap(asPublished)
  const published = await withCopies(offering, options)
  if (published.length === 0) return []
  const nodes = hosts ?? (await nodeAddresses(client, signal))
  const wanted = published.flatMap((service) => portsOf(service, nodes, reachPort))
  const found: Address[] = []
  await forEachConcurrently(wanted.entries(), REQUESTS_AT_ONCE, async ([index, port]) => {
    found[index] = await probePort(port, probeAddress, signal)
  })
  return found
}

/** Services without those of copies that are not there. */
async function withCopies(
  services: readonly KubeObject[],
  { client, release, namespace, signal }: AddressOptions,
): Promise<KubeObject[]> {
  if (services.every(({ spec }) => spec?.selector?.[POD_INDEX_LABEL] === undefined))
    return [...services]
  const { items } = await client.list(
    { apiVersion: 'apps/v1', kind: 'StatefulSet', namespace },
    { labelSelector: `${RELEASE_LABEL}=${release}`, signal },
  )
  return services.filter((service) => {
    const owner = items.find((workload) => numberIn(service, workload) !== undefined)
    const number = owner && numberIn(service, owner)
    if (owner === undefined || number === undefined) return true
    const first = owner.spec?.ordinals?.start ?? 0
    return number < first + (owner.spec?.replicas ?? 1)
  })
}

/** The Service with what it publishes, if anything. One that has no annotations of Landfall publishes its ports, which need not answer. */
export function asPublished(service: KubeObject): KubeObject[] {
  const { metadata, spec } = service
  const { annotations } = metadata
  if (annotations?.[PUBLISHED_ANNOTATION]) return [service]
  const isPublic = spec?.type === 'NodePort' || spec?.type === 'LoadBalancer'
  const isOurs = Object.keys(annotations ?? {}).some((key) => ANNOTATIONS_OF_CONVERT.has(key))
  if (!isPublic || isOurs) return []
  const ports: { port: number; protocol?: string }[] = spec.ports ?? []
  const entries = ports.map(({ port, protocol = 'TCP' }) => `${port}/${protocol.toLowerCase()}?`)
  const publishing = { ...annotations, [PUBLISHED_ANNOTATION]: entries.join(',') }
  return [{ ...service, metadata: { ...metadata, annotations: publishing } }]
}

interface PublishedPort extends Omit<Address, 'url' | 'answered' | 'error' | 'refused'> {
  udp: boolean
  /** Of a range that is one entry: `-20000`. Its ports are opened when they are needed, so they are not probed. */
  upTo?: string
  /** Why there is nothing to probe. */
  missing?: string
  /** What makes a way to it. */
  hint?: string
  candidates: Endpoint[]
}

/** `8080:80/tcp`, `10000-20000:10000-20000/udp`; a question mark behind it: it need not answer. */
const PUBLISHED = /^(?:(\d+)(-\d+)?:)?(\d+)(?:-\d+)?(?:\/(\w+))?(\?)?$/

/** Each published port of a Service, with every place where it may answer. */
export function portsOf(
  service: KubeObject,
  nodes: readonly string[],
  reachPort?: ReachPort,
): PublishedPort[] {
  const { metadata, spec, status } = service
  const entries = (metadata.annotations?.[PUBLISHED_ANNOTATION] ?? '').split(',').filter(Boolean)
  const ingress: { ip?: string; hostname?: string }[] = status?.loadBalancer?.ingress ?? []
  return entries.flatMap((entry) => {
    const match = PUBLISHED.exec(entry.trim())
    if (match === null) return []
    const [, published = match[3] as string, upTo, target = '', protocol = 'tcp', optional] = match
    const port = spec.ports?.find(
      (one: { port: number; targetPort?: number | string; protocol?: string }) =>
        (one.protocol ?? 'TCP').toLowerCase() === protocol.toLowerCase() &&
        (String(one.targetPort ?? one.port) === target || String(one.port) === target),
    )
    const balanced = spec.type === 'LoadBalancer'
    const hosts = balanced ? ingress.map(({ ip, hostname }) => ip ?? hostname ?? '') : nodes
    const onNode = metadata.annotations?.[PUBLISHED_AT_ANNOTATION] === 'node'
    const number = onNode ? Number(published) : balanced ? port?.port : port?.nodePort
    const scattered = upTo !== undefined && number !== Number(published)
    const further =
      port === undefined || scattered
        ? undefined
        : reachPort?.({
            ...{ service: metadata.name, namespace: metadata.namespace ?? 'default' },
            ...{ port: port.port, number, balanced, pending: balanced && hosts.length === 0 },
          })
    const candidates: Endpoint[] = [
      ...(further?.endpoints ?? []).map((one) => ({ ...one, published, forwarded: true as const })),
      ...(number === undefined || scattered
        ? []
        : hosts.map((host) => ({ host, port: number, published }))),
    ]
    const missing = scattered
      ? `the ports ${published}${upTo} are mapped to other numbers on the nodes`
      : balanced
        ? 'the load balancer has no address yet'
        : 'no node exposes this port'
    return [
      {
        service: metadata.annotations?.[COMPOSE_SERVICE_ANNOTATION] ?? metadata.name,
        port: `${published}${upTo ?? ''}`,
        publishedBy: metadata.name,
        target,
        udp: protocol.toLowerCase() === 'udp',
        candidates,
        ...(optional === undefined ? {} : { optional: true }),
        ...(upTo === undefined ? {} : { upTo }),
        ...(candidates.length === 0 ? { missing } : {}),
        ...(further?.hint === undefined ? {} : { hint: further.hint }),
      },
    ]
  })
}

async function probePort(
  { udp, upTo = '', missing, hint, candidates, ...about }: PublishedPort,
  probe: ProbeAddress,
  signal?: AbortSignal,
): Promise<Address> {
  const [first] = candidates
  const orHint = (error: string) => (hint === undefined ? error : `${error}; ${hint}`)
  if (first === undefined)
    return { ...about, url: '', answered: false, error: orHint(missing ?? 'no address') }
  if (udp)
    return {
      ...about,
      url: `${urlOf('udp', first)}${upTo}`,
      answered: false,
      error: 'not tested: UDP has no connections',
    }
  if (upTo !== '')
    return {
      ...about,
      url: `${urlOf('tcp', first)}${upTo}`,
      answered: false,
      error: 'not tested: opened when needed',
    }
  const errors: { error: string; forwarded: boolean }[] = []
  for (const endpoint of candidates) {
    const answer = await probe(endpoint, signal)
    if (answer.answered) return { ...about, url: urlOf(answer.scheme, endpoint), answered: true }
    errors.push({ error: answer.error, forwarded: endpoint.forwarded === true })
  }
  const refused = errors.some(({ error, forwarded }) => error === REFUSED && !forwarded)
  return {
    ...about,
    url: urlOf('tcp', first),
    answered: false,
    error: refused ? 'connection refused' : orHint(`not reached from here: ${errors[0]?.error}`),
    ...(refused ? { refused: true } : {}),
  }
}

function urlOf(scheme: string, { host, port }: Endpoint): string {
  return `${scheme}://${host.includes(':') ? `[${host}]` : host}:${port}`
}

/** Addresses of the nodes, those for the outside first; none when the user may not list nodes. */
async function nodeAddresses(client: KubeClient, signal?: AbortSignal): Promise<string[]> {
  try {
    const { items } = await client.list({ apiVersion: 'v1', kind: 'Node' }, { signal })
    const all: { type: string; address: string }[] = items.flatMap(
      ({ status }) => status?.addresses ?? [],
    )
    return ['ExternalIP', 'InternalIP'].flatMap((type) =>
      all.filter((one) => one.type === type).map(({ address }) => address),
    )
  } catch (error) {
    if (isRefusal(error, 'Forbidden')) return []
    throw error
  }
}
