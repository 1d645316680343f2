import type { ClusterOptions } from '@landfall/local-cluster'
import type { Terminal } from '../terminal.ts'
import type { Connection } from './connect.ts'

/**
 * The local cluster behind a connection by kubeconfig, as that of a site: it is Landfall's own, runs on this machine, and has the server of the connection.
 * Undefined for every other cluster, whatever it is called.
 */
export async function localBehind(
  { names, server }: Pick<Connection, 'names' | 'server'>,
  terminal: Terminal,
): Promise<ClusterOptions | undefined> {
  const name = /^landfall-([a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?)$/.exec(names.cluster)?.[1]
  if (name === undefined) return undefined
  const [{ localOptions }, { readCluster }, { readConfig }] = await Promise.all([
    import('./local.ts'),
    import('@landfall/local-cluster'),
    import('./kubeconfig.ts'),
  ])
  const options = localOptions(terminal, { cluster: name })
  const running = readCluster(options)
  if (running === undefined) return undefined
  const own = readConfig(running.kubeconfig).getCurrentCluster()?.server
  return own === server ? options : undefined
}
