import {
  COMPOSE_SERVICE_ANNOTATION,
  canonicalJson,
  conditionOf,
  isRefusal,
  type KubeClient,
  type KubeObject,
} from '@landfall/kube'
import { asPublished, portsOf } from '../answers/addresses.ts'
import { RELEASE_LABEL, type ReleaseReference } from '../release/release.ts'

/** A port of a release as others reach it from outside of the cluster. */
export interface PublishedAt {
  /** The service of the project. */
  service: string
  /** The container port. */
  port: number
  protocol: 'tcp' | 'udp'
  /** Those for the outside first; empty as long as there is none. */
  places: readonly Place[]
  /** Where pods of the same cluster reach it: a connection to the port of their own node, through a Service, would be refused. */
  inside?: Place
}

export interface Place {
  /** A name or an address without brackets. */
  host: string
  number: number
}

export interface PublishedAtOptions extends ReleaseReference {
  client: KubeClient
  signal?: AbortSignal | undefined
}

/** What a release publishes: at the addresses of nodes, of load balancers, and at the hosts of Ingresses. Throws what the client throws. */
export async function publishedAt(options: PublishedAtOptions): Promise<PublishedAt[]> {
  const { client, release, namespace, signal } = options
  const labelSelector = `${RELEASE_LABEL}=${release}`
  const list = (apiVersion: string, kind: string) =>
    client.list({ apiVersion, kind, namespace }, { labelSelector, signal })
  const [services, ingresses, nodes] = await Promise.all([
    list('v1', 'Service'),
    list('networking.k8s.io/v1', 'Ingress'),
    nodeAddresses(client, signal),
  ])
  const ofServices = services.items
    .flatMap(asPublished)
    .flatMap((service) => fromService(service, nodes, services.items))
  const ofIngresses = ingresses.items.flatMap((one) => fromIngress(one, services.items))
  return [...ofIngresses, ...ofServices]
}

/** The ports of a Service that publishes some; a range of ports that are mapped is none of them. */
export function fromService(
  service: KubeObject,
  nodes: readonly string[],
  services: readonly KubeObject[] = [],
): PublishedAt[] {
  return portsOf(service, nodes).flatMap(({ service: name, target, udp, candidates, upTo }) => {
    if (upTo !== undefined) return []
    const places = candidates.map(({ host, port: number }) => ({ host, number }))
    const port = Number(target)
    const inside = insideOf(service, port, services)
    return [
      {
        ...{ service: name, port, protocol: udp ? 'udp' : 'tcp', places },
        ...(inside !== undefined && { inside }),
      },
    ]
  })
}

/** The default of kubeadm, k3s, MicroK8s and the clouds; where it is another one, the name does not resolve, and the ports of nodes are used. */
const CLUSTER_DOMAIN = 'cluster.local'

/** The Service to which peers connect: it has the same pods, and the port of the container. */
function insideOf(
  published: KubeObject,
  port: number,
  services: readonly KubeObject[],
): Place | undefined {
  const selector = canonicalJson(published.spec?.selector ?? null)
  const peers = services.find(
    ({ metadata, spec }) =>
      metadata.name !== published.metadata.name &&
      spec?.selector !== undefined &&
      canonicalJson(spec.selector) === selector &&
      spec.ports?.some((one: { port: number }) => one.port === port),
  )
  if (peers === undefined) return undefined
  const { name, namespace = 'default' } = peers.metadata
  return { host: `${name}.${namespace}.svc.${CLUSTER_DOMAIN}`, number: port }
}

/** The hosts of an Ingress: port 443 where it has a certificate, else 80. */
export function fromIngress(ingress: KubeObject, services: readonly KubeObject[]): PublishedAt[] {
  const secured: string[] = (ingress.spec?.tls ?? []).flatMap(
    (one: { hosts?: string[] }) => one.hosts ?? [],
  )
  // biome-ignore lint/suspicious/noExplicitAny: the rules of an Ingress
  return (ingress.spec?.rules ?? []).flatMap(({ host, http }: any): PublishedAt[] =>
    // biome-ignore lint/suspicious/noExplicitAny: the paths of a rule
    (http?.paths ?? []).flatMap(({ backend }: any): PublishedAt[] => {
      const behind = services.find(({ metadata }) => metadata.name === backend?.service?.name)
      const wanted = backend?.service?.port
      const port = behind?.spec?.ports?.find(
        (one: { name?: string; port: number }) =>
          one.port === wanted?.number || one.name === wanted?.name,
      )
      if (typeof host !== 'string' || host.startsWith('*') || port === undefined) return []
      const name =
        behind?.metadata.annotations?.[COMPOSE_SERVICE_ANNOTATION] ?? behind?.metadata.name
      return [
        {
          service: name ?? '',
          port: Number(port.targetPort ?? port.port),
          protocol: 'tcp',
          places: [{ host, number: secured.includes(host) ? 443 : 80 }],
        },
      ]
    }),
  )
}

/** Addresses of nodes that are ready, those for the outside first; none when the user may not list nodes. */
export async function nodeAddresses(client: KubeClient, signal?: AbortSignal): Promise<string[]> {
  try {
    const { items } = await client.list({ apiVersion: 'v1', kind: 'Node' }, { signal })
    const all: { type: string; address: string }[] = items
      .filter((node) => conditionOf(node, 'Ready')?.status === 'True')
      .flatMap(({ status }) => status?.addresses ?? [])
    return ['ExternalIP', 'InternalIP'].flatMap((type) =>
      all.filter((one) => one.type === type).map(({ address }) => address),
    )
  } catch (error) {
    if (isRefusal(error, 'Forbidden')) return []
    throw error
  }
}

/** What identifies a cluster, whatever its address; undefined when the user may not read it. */
export async function clusterIdentity(
  client: KubeClient,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const reference = { apiVersion: 'v1', kind: 'Namespace', name: 'kube-system' }
  try {
    const uid = (await client.get(reference, signal))?.metadata.uid
    return typeof uid === 'string' ? uid : undefined
  } catch (error) {
    if (isRefusal(error, 'Forbidden')) return undefined
    throw error
  }
}
