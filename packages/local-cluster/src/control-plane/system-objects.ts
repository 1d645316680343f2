import type { KubeObject } from '@landfall/kube'
import type { AddressPlan } from '../network/address-plan.ts'
import { provisioner, storageClass } from './control-plane.ts'
import { kubeletClient } from './pki.ts'

/** The objects that make DNS, storage and the rights of the programs on the host. */
export function systemObjects(plan: AddressPlan): KubeObject[] {
  return [
    ...rights(),
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'kube-dns', namespace: 'kube-system' },
      spec: {
        clusterIP: plan.dnsAddress,
        ports: [
          { name: 'dns', port: 53, protocol: 'UDP' },
          { name: 'dns-tcp', port: 53, protocol: 'TCP' },
        ],
      },
    },
    {
      // A Service without a selector keeps the endpoints that it is given.
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: {
        name: 'kube-dns-host',
        namespace: 'kube-system',
        labels: { 'kubernetes.io/service-name': 'kube-dns' },
      },
      addressType: 'IPv4',
      ports: [
        { name: 'dns', port: 53, protocol: 'UDP' },
        { name: 'dns-tcp', port: 53, protocol: 'TCP' },
      ],
      endpoints: [{ addresses: [plan.gateway], conditions: { ready: true } }],
    },
    {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: {
        name: storageClass,
        annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' },
      },
      provisioner,
      reclaimPolicy: 'Delete',
      volumeBindingMode: 'WaitForFirstConsumer',
    },
  ]
}

/** What the programs on the host may do; the roles named `system:` are those of every cluster. */
function rights(): KubeObject[] {
  const reads = ['get', 'list', 'watch']
  const role: KubeObject = {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name: 'landfall:coredns' },
    rules: [
      { apiGroups: [''], resources: ['services', 'namespaces'], verbs: reads },
      { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: reads },
    ],
  }
  return [
    role,
    binding('coredns', 'landfall:coredns'),
    binding('volumes', 'system:persistent-volume-provisioner'),
    binding(kubeletClient, 'system:kubelet-api-admin'),
  ]
}

/** Gives a user a role in the whole cluster. */
export function binding(user: string, name: string): KubeObject {
  return {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name: `landfall:${user}` },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name },
    subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: user }],
  }
}
