import type { AddressPlan } from '../network/address-plan.ts'
import { provisioner, storageClass } from './control-plane.ts'

/** The objects that make DNS and storage of the cluster, each with its path in the API. */
export function systemObjects(plan: AddressPlan): { path: string; object: object }[] {
  const kubeSystem = '/api/v1/namespaces/kube-system'
  return [
    {
      path: `${kubeSystem}/services/kube-dns`,
      object: {
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
    },
    {
      // A Service without a selector keeps the endpoints that it is given.
      path: '/apis/discovery.k8s.io/v1/namespaces/kube-system/endpointslices/kube-dns-host',
      object: {
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
    },
    {
      path: `/apis/storage.k8s.io/v1/storageclasses/${storageClass}`,
      object: {
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
    },
  ]
}
