import { isRefusal, type KubeClient, type KubeObject } from '@landfall/kube'
import type { ClusterFacts, NodeFacts, StorageClassFacts } from './cluster-facts.ts'

/** Milliseconds for all requests together. */
const PATIENCE_MS = 20_000

/**
 * Reads the facts of a cluster, all at once; what the account may not read is undefined. Throws a ConnectionError when the
 * server cannot be reached, and a TimeoutError when it does not respond.
 */
export async function readFacts(
  client: KubeClient,
  names: Pick<ClusterFacts, 'context' | 'cluster' | 'user' | 'server'>,
  namespace: string,
): Promise<ClusterFacts> {
  const signal = AbortSignal.timeout(PATIENCE_MS)
  const list = (apiVersion: string, kind: string, within?: string) =>
    readable(
      client.list(
        { apiVersion, kind, ...(within !== undefined && { namespace: within }) },
        { signal },
      ),
    )
  const [nodes, version, storage, ingress, claims, volumes] = await Promise.all([
    list('v1', 'Node'),
    readable(client.serverVersion(signal)),
    list('storage.k8s.io/v1', 'StorageClass'),
    list('networking.k8s.io/v1', 'IngressClass'),
    list('v1', 'PersistentVolumeClaim', namespace),
    list('v1', 'PersistentVolume'),
  ])
  return {
    ...names,
    nodes: nodes?.items.map(nodeFacts),
    version,
    storageClasses: storage?.items.map(storageClassFacts),
    ingressClasses: ingress?.items.map(({ metadata, spec }) => ({
      name: metadata.name,
      isDefault: metadata.annotations?.['ingressclass.kubernetes.io/is-default-class'] === 'true',
      controller: text(spec?.controller),
    })),
    claims: claims?.items.map(({ metadata }) => metadata.name),
    unclassedVolumes: volumes?.items.some(
      ({ spec, status }) => !spec?.storageClassName && status?.phase === 'Available',
    ),
  }
}

/** Undefined where the account may not read it, or the server does not know it. */
async function readable<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work
  } catch (error) {
    if (['Forbidden', 'NotFound', 'Unauthorized'].some((reason) => isRefusal(error, reason)))
      return undefined
    throw error
  }
}

function nodeFacts({ metadata, spec, status }: KubeObject): NodeFacts {
  const { osImage, containerRuntimeVersion, kubeletVersion, architecture } = status?.nodeInfo ?? {}
  const addresses: { type?: string; address?: string }[] = status?.addresses ?? []
  return {
    name: metadata.name,
    labels: metadata.labels ?? {},
    providerId: text(spec?.providerID),
    osImage: text(osImage),
    runtime: text(containerRuntimeVersion),
    kubelet: text(kubeletVersion),
    architecture: text(architecture),
    addresses: addresses.flatMap(({ type, address }) =>
      (type === 'InternalIP' || type === 'ExternalIP') && address !== undefined ? [address] : [],
    ),
  }
}

const DEFAULT_CLASS = [
  'storageclass.kubernetes.io/is-default-class',
  'storageclass.beta.kubernetes.io/is-default-class',
]

function storageClassFacts({ metadata, provisioner }: KubeObject): StorageClassFacts {
  return {
    name: metadata.name,
    isDefault: DEFAULT_CLASS.some((key) => metadata.annotations?.[key] === 'true'),
    provisioner: text(provisioner),
  }
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
