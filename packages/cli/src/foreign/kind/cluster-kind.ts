import type { ClusterFacts, NodeFacts } from './cluster-facts.ts'

/** The kind of cluster behind a context, with what its own tool needs to find it. */
export type ClusterKind =
  /** `engine`: in whose containers the nodes run (`docker`, `podman`, `nerdctl`). */
  | { kind: 'kind'; name: string; engine: string }
  | { kind: 'k3d'; name: string }
  | { kind: 'minikube'; profile: string }
  | { kind: 'microk8s' }
  | { kind: 'k3s' }
  /** `nodes`: the machine of the engine itself (kubeadm), or containers in it (kind). */
  | { kind: 'docker-desktop'; nodes: 'machine' | 'containers' }
  | { kind: 'colima'; profile: string }
  | { kind: 'rancher-desktop' }
  | { kind: 'orbstack' }
  /** `provider` names a managed service. */
  | { kind: 'plain'; provider?: string }

/** The names of the kinds as people write them. */
const KIND_TITLES: Readonly<Record<ClusterKind['kind'], string>> = {
  kind: 'kind',
  k3d: 'k3d',
  minikube: 'minikube',
  microk8s: 'MicroK8s',
  k3s: 'k3s',
  'docker-desktop': 'Docker Desktop',
  colima: 'Colima',
  'rancher-desktop': 'Rancher Desktop',
  orbstack: 'OrbStack',
  plain: 'a cluster',
}

/** What the kubeconfig says of a cluster. */
type Names = Pick<ClusterFacts, 'context' | 'cluster' | 'user' | 'server'>

/**
 * Recognises a cluster by what its nodes report; a name in the kubeconfig decides only between kinds whose nodes look the
 * same, or where the account may not read nodes and the server is on this machine. Nodes that contradict each other, or a
 * name, make it plain.
 */
export function recogniseCluster(facts: Names & Pick<ClusterFacts, 'nodes'>): ClusterKind {
  const { nodes } = facts
  if (nodes === undefined) return isLoopback(facts.server) ? kindByNames(facts) : { kind: 'plain' }
  const found = nodes.map((node) => ofNode(node, facts))
  const [first] = found
  if (first === undefined) return { kind: 'plain' }
  const same = found.every((one) => JSON.stringify(one) === JSON.stringify(first))
  return same ? first : { kind: 'plain' }
}

/** The engines that kind knows, and no other: the word becomes a program that is run, and a cluster may write anything. */
const KIND_PROVIDER = /^kind:\/\/(docker|podman|nerdctl)\/([a-z0-9][a-z0-9._-]*)\/[^/]+$/

function ofNode(node: NodeFacts, names: Names): ClusterKind {
  const { name, labels, providerId, osImage, kubelet } = node
  const profile = labels['minikube.k8s.io/name']
  if (profile) return { kind: 'minikube', profile }
  const managed = providerOf(node)
  if (managed !== undefined) return { kind: 'plain', provider: managed }
  const [, engine, cluster] = KIND_PROVIDER.exec(providerId) ?? []
  if (engine !== undefined && cluster !== undefined)
    return cluster === 'desktop' && isNamed(names, /^docker-desktop$/)
      ? { kind: 'docker-desktop', nodes: 'containers' }
      : { kind: 'kind', name: cluster, engine }
  if (labels['microk8s.io/cluster'] !== undefined) return { kind: 'microk8s' }
  if (/\+k3s\d*$/.test(kubelet)) return ofK3s(node, names)
  if (/^OrbStack\b/i.test(osImage) || /\+orb\d*$/.test(kubelet)) return { kind: 'orbstack' }
  if (/^Docker Desktop\b/i.test(osImage) || (name === 'docker-desktop' && usesDocker(node)))
    return { kind: 'docker-desktop', nodes: 'machine' }
  return { kind: 'plain' }
}

/** k3s itself, or one of those that it is a part of. */
function ofK3s({ name, osImage }: NodeFacts, names: Names): ClusterKind {
  const k3d = /^k3d-(.+)-(?:server|agent)-\d+$/.exec(name)?.[1]
  if (k3d !== undefined) return { kind: 'k3d', name: k3d }
  const colima = /^colima(?:-(.+))?$/.exec(name)
  if (colima !== null) return { kind: 'colima', profile: colima[1] ?? 'default' }
  // On Windows the node has the name of the machine.
  const rancher = /Rancher Desktop/i.test(osImage) || isNamed(names, /^rancher-desktop$/)
  if (name === 'lima-rancher-desktop' || (rancher && isLoopback(names.server)))
    return { kind: 'rancher-desktop' }
  return { kind: 'k3s' }
}

/** The service that manages a node's machine. */
function providerOf({ labels, providerId, kubelet }: NodeFacts): string | undefined {
  const has = (prefix: string) => Object.keys(labels).some((label) => label.startsWith(prefix))
  if (has('eks.amazonaws.com/') || /-eks-/.test(kubelet)) return 'EKS'
  if (has('cloud.google.com/gke-') || /-gke\./.test(kubelet)) return 'GKE'
  if (has('kubernetes.azure.com/')) return 'AKS'
  const scheme = /^([a-z][a-z0-9-]*):\/\//.exec(providerId)?.[1]
  return scheme === undefined || scheme === 'kind' || scheme === 'k3s' ? undefined : scheme
}

/** The kind that the names of a kubeconfig suggest. */
export function kindByNames(names: Names): ClusterKind {
  const of = (pattern: RegExp) =>
    [names.cluster, names.user, names.context]
      .map((name) => pattern.exec(name))
      .find((match) => match !== null)
  const kind = of(/^kind-(.+)$/)?.[1]
  if (kind !== undefined) return { kind: 'kind', name: kind, engine: 'docker' }
  const k3d = of(/^(?:admin@)?k3d-(.+)$/)?.[1]
  if (k3d !== undefined) return { kind: 'k3d', name: k3d }
  if (of(/^docker-desktop$/)) return { kind: 'docker-desktop', nodes: 'machine' }
  const colima = of(/^colima(?:-(.+))?$/)
  if (colima) return { kind: 'colima', profile: colima[1] ?? 'default' }
  if (of(/^rancher-desktop$/)) return { kind: 'rancher-desktop' }
  if (of(/^orbstack$/)) return { kind: 'orbstack' }
  if (of(/^microk8s(?:-cluster)?$/)) return { kind: 'microk8s' }
  if (of(/^minikube$/)) return { kind: 'minikube', profile: 'minikube' }
  return { kind: 'plain' }
}

function isNamed({ context, cluster, user }: Names, pattern: RegExp): boolean {
  return [context, cluster, user].some((name) => pattern.test(name))
}

/** Whether a node runs its containers with Docker's engine. */
export function usesDocker({ runtime }: Pick<NodeFacts, 'runtime'>): boolean {
  return runtime.startsWith('docker://')
}

/** Whether the address of a server is this machine's own loopback. */
export function isLoopback(server: string): boolean {
  try {
    const host = new URL(server).hostname.replace(/^\[|\]$/g, '')
    return host === 'localhost' || host === '::1' || host === '0.0.0.0' || /^127\./.test(host)
  } catch {
    return false
  }
}

/** What a kind is called with the name of the cluster: `kind (cluster dev)`. */
export function describeKind(cluster: ClusterKind): string {
  const title = KIND_TITLES[cluster.kind]
  if (cluster.kind === 'kind' || cluster.kind === 'k3d') return `${title} (cluster ${cluster.name})`
  if (cluster.kind === 'minikube' || cluster.kind === 'colima')
    return `${title} (profile ${cluster.profile})`
  if (cluster.kind === 'plain') return cluster.provider ?? title
  return title
}
