import { UsageError } from '../errors.ts'
import type { Terminal } from '../terminal.ts'
import type { Connection } from './connect.ts'
import type { TargetOptions } from './options.ts'

/** Refuses options that contradict each other. */
export function checkTarget({ local, cluster, context }: TargetOptions): void {
  if (local === undefined && cluster !== undefined)
    throw new UsageError('--cluster requires a local cluster', 'add --local')
  if (local !== undefined && context !== undefined)
    throw new UsageError('--local and --context exclude each other', 'remove one of them')
}

/** A connection to the cluster that the options mean; a local one has to run already. */
export async function connectTo(
  options: TargetOptions,
  terminal: Terminal,
  namespace?: string,
): Promise<Connection> {
  checkTarget(options)
  // Loaded when they are needed: they are most of what such a command consists of.
  const [{ connect }, { readConfig, readKubeConfig }] = await Promise.all([
    import('./connect.ts'),
    import('./kubeconfig.ts'),
  ])
  if (options.local === undefined)
    return connect(readKubeConfig(terminal.env, options.context), namespace)
  const { localOptions, runningLocal } = await import('./local.ts')
  const { kubeconfig } = runningLocal(localOptions(terminal, options))
  return connect(readConfig(kubeconfig), namespace)
}
