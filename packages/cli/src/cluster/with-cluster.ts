import { ClusterUnreachable } from '../errors.ts'
import { describeKind, kindByNames } from '../foreign/kind/cluster-kind.ts'
import { startCommand } from '../foreign/machine/unreachable.ts'
import type { Terminal } from '../terminal.ts'
import type { Connection } from './connect.ts'
import type { TargetOptions } from './options.ts'
import { connectTo } from './target.ts'

/** Milliseconds in which a cluster has to respond. */
const ANSWER_MS = 20_000

/**
 * Runs `work` with a connection to the cluster that the options mean, and closes it. Throws ClusterUnreachable, with the command that
 * starts such a cluster, if it does not respond.
 */
export async function withCluster<T>(
  options: TargetOptions,
  terminal: Terminal,
  namespace: string | undefined,
  work: (connection: Connection) => Promise<T>,
): Promise<T> {
  const connection = await connectTo(options, terminal, namespace)
  try {
    return await orUnreachable(connection, work(connection))
  } finally {
    await connection.close()
  }
}

/** Throws ClusterUnreachable in the place of the errors of a cluster that does not respond. */
export async function orUnreachable<T>(
  { names }: Pick<Connection, 'names'>,
  work: Promise<T>,
): Promise<T> {
  try {
    return await work
  } catch (error) {
    const name = error instanceof Error ? error.name : ''
    if (name !== 'TimeoutError' && name !== 'ConnectionError') throw error
    const { message } = error as Error
    const what = name === 'TimeoutError' ? `${names.server} does not respond` : message
    const cluster = kindByNames(names)
    const start = startCommand(cluster)
    throw new ClusterUnreachable(
      `${what} (context ${names.context})`,
      start === undefined ? undefined : `if ${describeKind(cluster)} is stopped: ${start}`,
    )
  }
}

/** Throws a UsageError if no cluster is configured, and ClusterUnreachable if it does not respond. A refusal is a response. */
export function requireAnswer(options: TargetOptions, terminal: Terminal): Promise<void> {
  return withCluster(options, terminal, undefined, async ({ client }) => {
    try {
      await client.serverVersion(AbortSignal.timeout(ANSWER_MS))
    } catch (error) {
      if (!(error instanceof Error) || error.name !== 'StatusError') throw error
    }
  })
}
