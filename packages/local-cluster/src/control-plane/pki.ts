import { run } from '../host/run.ts'
import type { AddressPlan, NodePlan } from '../network/address-plan.ts'

interface CertificateWish {
  name: string
  commonName: string
  organization?: string
  dnsNames?: string[]
  addresses?: string[]
}

/** The users of the API server that have a kubeconfig of their own, in addition to the nodes. */
export const apiUsers = [
  { name: 'admin', commonName: 'admin', organization: 'system:masters' },
  { name: 'controller-manager', commonName: 'system:kube-controller-manager' },
  { name: 'scheduler', commonName: 'system:kube-scheduler' },
  { name: 'proxy', commonName: 'system:kube-proxy' },
  { name: 'coredns', commonName: 'coredns', organization: 'system:masters' },
  { name: 'volumes', commonName: 'volumes', organization: 'system:masters' },
] as const satisfies CertificateWish[]

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
    { name: 'etcd', commonName: 'etcd', addresses: [plan.gateway] },
    { name: 'etcd-client', commonName: 'kube-apiserver' },
    { name: 'kubelet-client', commonName: 'kube-apiserver', organization: 'system:masters' },
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

/** Makes what is missing in the directory or does not fit any more; the authority stays for the cluster's life. */
export async function keepCertificates(
  program: string,
  directory: string,
  plan: AddressPlan,
  nodes: readonly NodePlan[],
): Promise<void> {
  const wish = {
    directory,
    certificates: certificates(plan, nodes),
    keyPairs: ['service-accounts'],
  }
  await run(program, [], { input: JSON.stringify(wish) })
}
