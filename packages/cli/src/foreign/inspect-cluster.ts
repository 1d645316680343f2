import type { KubeObject } from '@landfall/kube'
import type { Connection } from '../cluster/connect.ts'
import { orUnreachable } from '../cluster/with-cluster.ts'
import type { Display } from '../display/display.ts'
import { CommandFailed } from '../errors.ts'
import type { ClusterFacts } from './kind/cluster-facts.ts'
import { type ClusterKind, describeKind, recogniseCluster } from './kind/cluster-kind.ts'
import { readFacts } from './kind/read-facts.ts'
import { findLacks } from './lacks/find-lacks.ts'
import { rightsLacks } from './lacks/rights.ts'

/** A cluster of a kubeconfig: what was read of it, and its kind. */
export interface ForeignCluster {
  facts: ClusterFacts
  cluster: ClusterKind
}

/** Reads and recognises the cluster behind a connection. Throws ClusterUnreachable, with the command that starts it, when it does not respond. */
export async function inspectCluster(
  connection: Connection,
  namespace: string,
): Promise<ForeignCluster> {
  const { client, names } = connection
  const facts = await orUnreachable(connection, readFacts(client, names, namespace))
  return { facts, cluster: recogniseCluster(facts) }
}

/**
 * Prints what the objects use and the cluster does not have, one line each. Throws CommandFailed when something of it keeps
 * the release from starting.
 */
export async function requireCluster(
  { facts, cluster }: ForeignCluster,
  objects: readonly KubeObject[],
  { client }: Pick<Connection, 'client'>,
  namespace: string,
  display: Pick<Display, 'say'>,
): Promise<void> {
  const lacks = [
    ...findLacks({ facts, cluster, objects, namespace }),
    ...(await rightsLacks(client, objects, namespace)),
  ]
  for (const { message, remedy, fatal } of lacks)
    display.say(
      `${fatal ? 'error' : 'warning'}: ${message}${remedy === undefined ? '' : `\n  hint: ${remedy}`}`,
    )
  if (lacks.some(({ fatal }) => fatal))
    throw new CommandFailed(
      `nothing was applied: ${describeKind(cluster)} (context ${facts.context}) lacks what the project needs`,
    )
}
