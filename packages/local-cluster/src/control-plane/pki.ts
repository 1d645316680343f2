import type { AddressPlan, NodePlan } from '../network/address-plan.ts'
import { type CertificateWish, keepFiles } from './certificates.ts'

/** The users of the API server that have a kubeconfig of their own, in addition to the nodes. */
export const apiUsers = [
  { name: 'admin', commonName: 'admin', organization: 'system:masters' },
  { name: 'controller-manager', commonName: 'system:kube-controller-manager' },
  { name: 'scheduler', commonName: 'system:kube-scheduler' },
  { name: 'proxy', commonName: 'system:kube-proxy' },
  { name: 'coredns', commonName: 'coredns' },
  { name: 'volumes', commonName: 'volumes' },
  // It also answers the API server with this certificate.
  {
    name: 'metrics-server',
    commonName: 'metrics-server',
    dnsNames: ['metrics-server.kube-system.svc'],
  },
] as const satisfies CertificateWish[]

/** As whom the API server reads logs and runs commands at kubelets. */
export const kubeletClient = 'kube-apiserver-kubelet-client'

/** The certificates of a cluster: who calls (clientAuth) and who answers under which names (serverAuth). */
function certificates(plan: AddressPlan, nodes: readonly NodePlan[]): CertificateWish[] {
  const services = ['kubernetes', 'kubernetes.default', 'kubernetes.default.svc']
  return [
    {
      name: 'apiserver',
      commonName: 'kube-apiserver',
      dnsNames: [...services, 'kubernetes.default.svc.cluster.local'],
      addresses: [plan.gateway, '10.96.0.1'],
    },
    // etcd accepts every client certificate of its authority: there are its own, and that of the API server.
    { name: 'etcd', commonName: 'etcd', addresses: [plan.loopback], authority: 'etcd-ca' },
    { name: 'etcd-client', commonName: 'kube-apiserver', authority: 'etcd-ca' },
    { name: 'kubelet-client', commonName: kubeletClient },
    { name: 'front-proxy', commonName: 'front-proxy' },
    ...apiUsers,
    ...nodes.map((node) => ({
      name: node.name,
      commonName: `system:node:${node.name}`,
      organization: 'system:nodes',
      dnsNames: [node.name],
      addresses: [node.address],
    })),
  ]
}

/** Makes what is missing in the directory or does not fit any more; the authorities stay for the cluster's life. */
export async function keepCertificates(
  directory: string,
  plan: AddressPlan,
  nodes: readonly NodePlan[],
): Promise<void> {
  await keepFiles(directory, certificates(plan, nodes), ['service-accounts'])
}
