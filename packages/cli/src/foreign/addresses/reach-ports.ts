import type { ReachPort } from '@landfall/deploy'
import type { ClusterFacts } from '../kind/cluster-facts.ts'
import { type ClusterKind, isLoopback } from '../kind/cluster-kind.ts'
import { addBalancer } from '../lacks/entry.ts'
import type { PortMapping } from './mappings.ts'

/** Kinds in a virtual machine whose node ports are forwarded from this machine's loopback. */
const FORWARDED: ReadonlySet<ClusterKind['kind']> = new Set([
  'docker-desktop',
  'colima',
  'rancher-desktop',
  'orbstack',
])

/**
 * The ways to published ports that a kind of cluster has from this machine, and the command that makes one where none is
 * found. Ports of load balancers are not looked for on the loopback: another program of this machine may have that number.
 */
export function reachPorts(
  cluster: ClusterKind,
  { context, server }: Pick<ClusterFacts, 'context' | 'server'>,
  mappings: readonly PortMapping[],
): ReachPort {
  return ({ service, namespace, port, number, balanced, pending }) => {
    const mapped = mappings.filter(({ target }) => target === number && !pending)
    const local =
      FORWARDED.has(cluster.kind) && isLoopback(server) && !balanced && number !== undefined
        ? [{ host: '127.0.0.1', port: number }]
        : []
    const balancer = pending ? addBalancer(cluster) : undefined
    const forward = `kubectl --context ${context} -n ${namespace} port-forward service/${service} ${port}:${port}`
    return {
      endpoints: [...mapped.map(({ host, port }) => ({ host, port })), ...local],
      hint:
        balancer ??
        (cluster.kind === 'minikube' && !balanced
          ? `minikube --profile ${cluster.profile} service ${service} -n ${namespace} --url`
          : forward),
    }
  }
}
