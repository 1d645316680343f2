import { expect, test } from 'vitest'
import type { NodeFacts } from './cluster-facts.ts'
import { type ClusterKind, describeKind, recogniseCluster } from './cluster-kind.ts'

const plainNode: NodeFacts = {
  name: 'n1',
  labels: {},
  providerId: '',
  osImage: 'Debian GNU/Linux 12 (bookworm)',
  runtime: 'containerd://2.1.1',
  kubelet: 'v1.34.1',
  architecture: 'amd64',
  addresses: ['172.18.0.2'],
}

interface Given {
  context?: string
  cluster?: string
  server?: string
  nodes?: Partial<NodeFacts>[] | undefined
}

function recognise(given: Given): ClusterKind {
  const { context = 'renamed', cluster = context, server = 'https://127.0.0.1:6443' } = given
  const nodes = 'nodes' in given ? given.nodes : [{}]
  return recogniseCluster({
    context,
    cluster,
    user: cluster,
    server,
    nodes: nodes?.map((node) => ({ ...plainNode, ...node })),
  })
}

const k3s = 'v1.34.1+k3s1'

test.each<[string, Given, ClusterKind]>([
  [
    'kind under a context of another name',
    { nodes: [{ providerId: 'kind://docker/dev/dev-control-plane' }] },
    { kind: 'kind', name: 'dev', engine: 'docker' },
  ],
  [
    'kind of Podman Desktop with several nodes',
    {
      nodes: [
        { providerId: 'kind://podman/a-b/a-b-control-plane' },
        { providerId: 'kind://podman/a-b/a-b-worker' },
      ],
    },
    { kind: 'kind', name: 'a-b', engine: 'podman' },
  ],
  [
    'Docker Desktop with nodes in containers',
    {
      context: 'mine',
      cluster: 'docker-desktop',
      nodes: [{ providerId: 'kind://docker/desktop/desktop-control-plane' }],
    },
    { kind: 'docker-desktop', nodes: 'containers' },
  ],
  [
    'a kind cluster that is called desktop',
    {
      context: 'kind-desktop',
      nodes: [{ providerId: 'kind://docker/desktop/desktop-control-plane' }],
    },
    { kind: 'kind', name: 'desktop', engine: 'docker' },
  ],
  [
    'Docker Desktop with kubeadm',
    { nodes: [{ name: 'docker-desktop', osImage: 'Docker Desktop', runtime: 'docker://28.2.2' }] },
    { kind: 'docker-desktop', nodes: 'machine' },
  ],
  [
    'minikube with a profile',
    { nodes: [{ labels: { 'minikube.k8s.io/name': 'two' } }] },
    { kind: 'minikube', profile: 'two' },
  ],
  [
    'k3d',
    {
      nodes: [
        { name: 'k3d-a-b-server-0', kubelet: k3s, providerId: 'k3s://k3d-a-b-server-0' },
        { name: 'k3d-a-b-agent-0', kubelet: k3s, providerId: 'k3s://k3d-a-b-agent-0' },
      ],
    },
    { kind: 'k3d', name: 'a-b' },
  ],
  ['k3s', { nodes: [{ kubelet: k3s, providerId: 'k3s://n1' }] }, { kind: 'k3s' }],
  ['MicroK8s', { nodes: [{ labels: { 'microk8s.io/cluster': 'true' } }] }, { kind: 'microk8s' }],
  ['Colima', { nodes: [{ name: 'colima', kubelet: k3s }] }, { kind: 'colima', profile: 'default' }],
  [
    'a profile of Colima',
    { nodes: [{ name: 'colima-big', kubelet: k3s }] },
    { kind: 'colima', profile: 'big' },
  ],
  [
    'Rancher Desktop',
    { nodes: [{ name: 'lima-rancher-desktop', kubelet: k3s }] },
    { kind: 'rancher-desktop' },
  ],
  [
    'Rancher Desktop on Windows',
    { context: 'rancher-desktop', nodes: [{ name: 'laptop', kubelet: k3s }] },
    { kind: 'rancher-desktop' },
  ],
  [
    'OrbStack',
    { nodes: [{ name: 'orbstack', osImage: 'OrbStack', kubelet: 'v1.34.1+orb1' }] },
    { kind: 'orbstack' },
  ],
  [
    'EKS',
    { nodes: [{ kubelet: 'v1.34.1-eks-113cf36', providerId: 'aws:///eu-west-1a/i-1' }] },
    { kind: 'plain', provider: 'EKS' },
  ],
  [
    'GKE',
    { nodes: [{ labels: { 'cloud.google.com/gke-nodepool': 'a' } }] },
    { kind: 'plain', provider: 'GKE' },
  ],
  [
    'AKS',
    { nodes: [{ labels: { 'kubernetes.azure.com/agentpool': 'a' } }] },
    { kind: 'plain', provider: 'AKS' },
  ],
  ['kubeadm', { nodes: [{}] }, { kind: 'plain' }],
  [
    'a cluster that is called like one of kind',
    { context: 'kind-dev', nodes: [{ kubelet: 'v1.34.1-eks-1' }] },
    { kind: 'plain', provider: 'EKS' },
  ],
  [
    'a k3s elsewhere that is called rancher-desktop',
    { context: 'rancher-desktop', server: 'https://10.1.2.3:6443', nodes: [{ kubelet: k3s }] },
    { kind: 'k3s' },
  ],
  ['names that the nodes contradict', { context: 'minikube' }, { kind: 'plain' }],
  [
    'nodes that contradict each other',
    { nodes: [{ providerId: 'kind://docker/dev/dev-worker' }, { kubelet: k3s }] },
    { kind: 'plain' },
  ],
  [
    'an engine that is a program of another kind',
    { nodes: [{ providerId: 'kind://reboot/dev/dev-worker' }] },
    { kind: 'plain' },
  ],
  [
    'a cluster whose name is an option',
    { nodes: [{ providerId: 'kind://docker/--help/x' }] },
    { kind: 'plain' },
  ],
  ['no nodes', { context: 'minikube', nodes: [] }, { kind: 'plain' }],
  [
    'nodes that may not be read, on this machine',
    { context: 'limited', cluster: 'kind-dev', nodes: undefined },
    { kind: 'kind', name: 'dev', engine: 'docker' },
  ],
  [
    'nodes that may not be read, elsewhere',
    { context: 'kind-dev', server: 'https://10.1.2.3', nodes: undefined },
    { kind: 'plain' },
  ],
])('%s', (_, given, expected) => {
  expect(recognise(given)).toEqual(expected)
})

test('a kind is described with the name by which its tool knows the cluster', () => {
  expect(describeKind({ kind: 'kind', name: 'dev', engine: 'docker' })).toBe('kind (cluster dev)')
  expect(describeKind({ kind: 'minikube', profile: 'two' })).toBe('minikube (profile two)')
  expect(describeKind({ kind: 'plain', provider: 'EKS' })).toBe('EKS')
})
