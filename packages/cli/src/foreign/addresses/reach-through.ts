import type { ReachPort } from '@landfall/deploy'
import type { Terminal } from '../../terminal.ts'
import type { ForeignCluster } from '../inspect-cluster.ts'
import { readMappings } from './mappings.ts'
import { reachPorts } from './reach-ports.ts'

/** The ways to published ports of a cluster from this machine, with the port mappings that it has now. */
export async function reachThrough(
  { facts, cluster }: ForeignCluster,
  { env }: Pick<Terminal, 'env'>,
): Promise<ReachPort> {
  return reachPorts(cluster, facts, await readMappings(cluster, facts, env))
}
