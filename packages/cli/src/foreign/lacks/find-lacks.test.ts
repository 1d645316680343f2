import type { KubeObject } from '@landfall/kube'
import { expect, test } from 'vitest'
import type { ClusterFacts } from '../kind/cluster-facts.ts'
import type { ClusterKind } from '../kind/cluster-kind.ts'
import { findLacks } from './find-lacks.ts'
import { rightsLacks } from './rights.ts'

const node = {
  name: 'n1',
  labels: {},
  providerId: '',
  osImage: '',
  runtime: 'containerd://2',
  kubelet: 'v1.34.1',
  architecture: 'amd64',
  addresses: [],
}

const facts: ClusterFacts = {
  context: 'c',
  cluster: 'c',
  user: 'u',
  server: 'https://10.0.0.1:6443',
  nodes: [node],
  version: 'v1.34.1',
  storageClasses: [{ name: 'fast', isDefault: true, provisioner: 'ebs.csi.aws.com' }],
  ingressClasses: [{ name: 'nginx', isDefault: true, controller: 'k8s.io/ingress-nginx' }],
  claims: [],
  unclassedVolumes: false,
}

function object(kind: string, name: string, spec: unknown, apiVersion = 'v1'): KubeObject {
  return { apiVersion, kind, metadata: { name }, spec }
}

const claim = (name: string, spec: object = {}) => object('PersistentVolumeClaim', name, spec)

/** Lines of what is missing, `!` before what stops `up`. */
function lines(
  objects: KubeObject[],
  more: Partial<ClusterFacts> = {},
  cluster: ClusterKind = { kind: 'plain' },
): string[] {
  const input = { facts: { ...facts, ...more }, cluster, objects, namespace: 'shop' }
  return findLacks(input).map(
    ({ message, remedy, fatal }) => `${fatal ? '! ' : ''}${message}${remedy ? ` → ${remedy}` : ''}`,
  )
}

test('a cluster that has everything lacks nothing', () => {
  const ingress = object('Ingress', 'web', {}, 'networking.k8s.io/v1')
  expect(lines([claim('data'), ingress])).toEqual([])
})

const kinds: [ClusterKind, string][] = [
  [
    { kind: 'minikube', profile: 'p' },
    'minikube -p p addons enable storage-provisioner && minikube -p p addons enable default-storageclass',
  ],
  [{ kind: 'microk8s' }, 'microk8s enable hostpath-storage'],
]

test.each(kinds)('%o: no storage class stops claims', (cluster, remedy) => {
  const stateful = object('StatefulSet', 'db', {
    replicas: 2,
    volumeClaimTemplates: [{ metadata: { name: 'data' }, spec: {} }],
  })
  expect(lines([claim('files'), stateful], { storageClasses: [] }, cluster)).toEqual([
    `! the cluster has no default storage class, which 3 claims need: files, data-db-0, data-db-1 → ${remedy}`,
  ])
})

test('claims that are there, that name a class, or that may take a volume stop nothing', () => {
  const none = { storageClasses: [] }
  expect(lines([claim('data')], { ...none, claims: ['data'] })).toEqual([])
  expect(lines([claim('data', { volumeName: 'pv-1' })], none)).toEqual([])
  expect(lines([claim('data')], { ...none, unclassedVolumes: true })[0]).not.toMatch(/^!/)
  expect(lines([claim('data')], { storageClasses: undefined })).toEqual([])
})

test('a class that is there and not the default one is named in the command', () => {
  const storageClasses = [{ name: 'slow', isDefault: false, provisioner: 'x' }]
  expect(lines([claim('data')], { storageClasses })[0]).toContain(
    'kubectl annotate storageclass slow storageclass.kubernetes.io/is-default-class=true',
  )
  expect(lines([claim('data', { storageClassName: 'gone' })], { storageClasses })).toEqual([
    'the cluster has no storage class gone, which a claim names: data → create it, or name one of slow in landfall.yaml',
  ])
})

test('shared volumes on the directories of one node', () => {
  const shared = claim('media', { accessModes: ['ReadWriteMany'] })
  const local = (provisioner: string) => [{ name: 'standard', isDefault: true, provisioner }]
  const two = [node, { ...node, name: 'n2' }]
  expect(lines([shared], { storageClasses: local('rancher.io/local-path') })[0]).toContain(
    'refuses ReadWriteMany unless',
  )
  const hostPath = { storageClasses: local('k8s.io/minikube-hostpath') }
  expect(lines([shared], hostPath)).toEqual([])
  expect(lines([shared], { ...hostPath, nodes: two })[0]).toMatch(
    /^! .*ReadWriteMany claims would have different files on each: media/,
  )
  const minikube: ClusterKind = { kind: 'minikube', profile: 'p' }
  expect(lines([claim('data')], { ...hostPath, nodes: two }, minikube)[0]).toContain(
    'a pod that moves to another node finds an empty directory → minikube -p p addons enable volumesnapshots && minikube -p p addons enable csi-hostpath-driver',
  )
})

test.each<[ClusterKind, string]>([
  [{ kind: 'minikube', profile: 'p' }, 'minikube -p p addons enable ingress'],
  [{ kind: 'microk8s' }, 'microk8s enable ingress'],
  [{ kind: 'kind', name: 'dev', engine: 'docker' }, 'provider/kind/deploy.yaml'],
  [{ kind: 'k3s' }, 'Traefik'],
  [{ kind: 'plain' }, 'provider/cloud/deploy.yaml'],
])('%o: an Ingress without a controller', (cluster, remedy) => {
  const ingress = object('Ingress', 'web', {}, 'networking.k8s.io/v1')
  const [line, ...others] = lines([ingress], { ingressClasses: [] }, cluster)
  expect(line).toContain('no ingress controller')
  expect(line).toContain(remedy)
  expect(others).toEqual([])
})

test('an Ingress whose class is not there, or that names none where none is the default', () => {
  const ingressClasses = [{ name: 'nginx', isDefault: false, controller: 'x' }]
  const ingress = (name: string, spec: object) => object('Ingress', name, spec)
  const printed = lines([ingress('a', { ingressClassName: 'traefik' }), ingress('b', {})], {
    ingressClasses,
  })
  expect(printed[0]).toContain('no ingress class traefik; it has nginx')
  expect(printed[1]).toContain('kubectl annotate ingressclass nginx')
})

test.each<[ClusterKind, string | undefined]>([
  [{ kind: 'kind', name: 'dev', engine: 'docker' }, 'cloud-provider-kind'],
  [{ kind: 'minikube', profile: 'p' }, 'minikube -p p tunnel'],
  [{ kind: 'microk8s' }, 'microk8s enable metallb'],
  [{ kind: 'plain' }, 'MetalLB'],
  [{ kind: 'plain', provider: 'EKS' }, undefined],
  [{ kind: 'k3d', name: 'a' }, undefined],
])('%o: a load balancer', (cluster, remedy) => {
  const [line] = lines([object('Service', 'web', { type: 'LoadBalancer' })], {}, cluster)
  if (remedy === undefined) expect(line).toBeUndefined()
  else expect(line).toContain(remedy)
})

test('an old version stops only what it cannot run', () => {
  const sidecar = object('Deployment', 'web', {
    template: { spec: { initContainers: [{ restartPolicy: 'Always' }], containers: [] } },
  })
  const old = { version: 'v1.28.9-eks-1' }
  expect(lines([sidecar], old)).toEqual([
    '! Kubernetes 1.28 has no sidecar containers (since 1.29), which web needs → upgrade the cluster to Kubernetes 1.32 or later',
  ])
  expect(lines([], old)[0]).toMatch(/^Kubernetes 1\.28 is older than 1\.32/)
  const oldNode = { nodes: [node, { ...node, kubelet: 'v1.28.1+k3s1' }] }
  expect(lines([sidecar], oldNode)[0]).toMatch(/^! Kubernetes 1\.28/)
  expect(lines([sidecar], { version: undefined, nodes: undefined })).toEqual([])
})

test('nodes of several architectures', () => {
  const nodes = [node, { ...node, name: 'n2', architecture: 'arm64' }]
  expect(lines([], { nodes })[0]).toContain('several architectures (amd64, arm64)')
})

/** Rights of an account that may do everything but this. */
function account(denied: readonly string[], namespaceExists = true) {
  return {
    isAllowed: async (verb: string, { kind }: { kind: string }) =>
      !denied.includes(`${verb} ${kind}`),
    get: async () => (namespaceExists ? object('Namespace', 'shop', {}) : undefined),
  }
}

test('missing rights are one line for the kinds that lack the same', async () => {
  const objects = [object('Secret', 'a', {}), object('Service', 'b', {})]
  const found = async (...denied: string[]) => rightsLacks(account(denied), objects, 'shop')
  expect(await found()).toEqual([])
  expect(await found('create Secret', 'create Service', 'delete ConfigMap')).toMatchObject([
    { message: 'the account may not create in namespace shop: Secret, Service', fatal: true },
    { message: 'the account may not delete in namespace shop: ConfigMap', fatal: false },
  ])
})

test('a namespace that has to be created and may not', async () => {
  expect(await rightsLacks(account(['create Namespace'], false), [], 'shop')).toMatchObject([
    { message: expect.stringContaining('the namespace shop does not exist'), fatal: true },
  ])
  expect(await rightsLacks(account(['create Namespace']), [], 'shop')).toEqual([])
})

test('an authorizer that cannot be asked denies nothing', async () => {
  const away = async () => {
    throw new Error('no')
  }
  expect(await rightsLacks({ isAllowed: away, get: away }, [], 'shop')).toEqual([])
})
