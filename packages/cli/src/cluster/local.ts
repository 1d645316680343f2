import { existsSync } from 'node:fs'
import { join } from 'node:path'
import {
  type Cluster,
  type ClusterOptions,
  clusterUp,
  defaultOptions,
  missingRequirements,
  readCluster,
} from '@landfall/local-cluster'
import type { Display } from '../display/display.ts'
import { orCommandFailed, UsageError } from '../errors.ts'
import type { Terminal } from '../terminal.ts'

/** Where a local cluster of that name keeps its things. */
export function localOptions(
  { env }: Terminal,
  { cluster, nodes }: { cluster?: string | undefined; nodes?: number | undefined },
): ClusterOptions {
  const defaults = defaultOptions(env)
  return { ...defaults, name: cluster ?? defaults.name, nodes: nodes ?? defaults.nodes }
}

/** Throws a UsageError that lists what this machine lacks for a local cluster. */
export function requireLocal(): void {
  const missing = missingRequirements()
  if (missing.length === 0) return
  const lines = missing.map((requirement) => `  ${requirement.missing}\n    ${requirement.hint}`)
  throw new UsageError(
    `a local cluster cannot run on this machine:\n${lines.join('\n')}`,
    'without --local, Landfall uses the cluster of your kubeconfig',
  )
}

/** Starts the local cluster if it does not run; before the first time, says what that installs and where. */
export async function startLocal(options: ClusterOptions, display: Display): Promise<Cluster> {
  requireLocal()
  if (!['programs', 'releases'].some((part) => existsSync(join(options.cacheDirectory, part))))
    display.say(
      `First start: downloads official binaries of Kubernetes, etcd, CoreDNS, containerd and others into ${options.cacheDirectory}; where the release hosts do not respond, ` +
        `it builds from source instead. Nothing else on this machine is changed. The state of the cluster is in ` +
        `${options.stateDirectory}; \`landfall cluster down --volumes\` deletes it.`,
    )
  return orCommandFailed(clusterUp(options, display.progress))
}

/** The local cluster, which has to run. */
export function runningLocal(options: ClusterOptions): Cluster {
  const cluster = readCluster(options)
  if (cluster === undefined)
    throw new UsageError(
      `the local cluster ${options.name} is not running`,
      `start it with: landfall cluster up${options.name === 'default' ? '' : ` --cluster ${options.name}`}`,
    )
  return cluster
}
