import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { KubeConfig } from '@kubernetes/client-node/dist/config.js'
import { readBounded } from '@landfall/local-cluster/read-bounded'
import { UsageError } from '../errors.ts'
import { waysToACluster } from '../foreign/machine/installed.ts'
import type { Terminal } from '../terminal.ts'

const SERVICE_ACCOUNT_TOKEN = '/var/run/secrets/kubernetes.io/serviceaccount/token'

/**
 * The configuration that kubectl would use: `KUBECONFIG`, `~/.kube/config`, or the service account of the pod that we run in.
 * Throws a UsageError when there is none, when a file cannot be read, or when it has no such context.
 */
export function readKubeConfig(env: Terminal['env'], context: string | undefined): KubeConfig {
  const named = (env.KUBECONFIG ?? '').split(delimiter).filter((path) => path !== '')
  const files = named.length > 0 ? named : [join(env.HOME ?? homedir(), '.kube', 'config')]
  const present = files.filter((path) => existsSync(path))
  if (present.length === 0) {
    if (!existsSync(SERVICE_ACCOUNT_TOKEN)) throw noCluster(files, env)
    const config = new KubeConfig()
    config.loadFromCluster()
    return config
  }
  const config = mergeConfigs(present.map(readConfig))
  if (context !== undefined) config.setCurrentContext(context)
  checkContext(config, context, files, env)
  return config
}

/** Bytes. */
const LARGEST_CONFIG = 4 * 1024 * 1024

/** The configuration in one file, with its own current context. */
export function readConfig(path: string): KubeConfig {
  const config = new KubeConfig()
  try {
    const read = readBounded(path, LARGEST_CONFIG)
    if (!read.ok) throw new Error(`it ${read.why}`)
    config.loadFromString(read.text)
    config.makePathsAbsolute(dirname(path))
  } catch (error) {
    const { message } = error as Error
    const why = error instanceof TypeError ? 'not a kubeconfig' : message.split('\n')[0]
    throw new UsageError(`cannot read the kubeconfig ${path}: ${why}`)
  }
  return config
}

/** The first file that defines a thing wins, as with kubectl. */
function mergeConfigs([first, ...others]: KubeConfig[]): KubeConfig {
  const merged = first ?? new KubeConfig()
  for (const other of others) {
    const added = <T extends { name: string }>(have: T[] = [], more: T[] = []): T[] => [
      ...have,
      ...more.filter(({ name }) => !have.some((one) => one.name === name)),
    ]
    merged.loadFromOptions({
      clusters: added(merged.clusters, other.clusters),
      users: added(merged.users, other.users),
      contexts: added(merged.contexts, other.contexts),
      currentContext: merged.currentContext || other.currentContext,
    })
  }
  return merged
}

function checkContext(
  config: KubeConfig,
  wanted: string | undefined,
  files: string[],
  env: Terminal['env'],
): void {
  const names = (config.contexts ?? []).map(({ name }) => name)
  const known = names.length === 0 ? 'it has no contexts' : `its contexts: ${names.join(', ')}`
  if (wanted !== undefined && !names.includes(wanted))
    throw new UsageError(`the kubeconfig has no context ${wanted}`, known)
  if (!config.currentContext)
    throw new UsageError(
      `no cluster selected: ${files.join(', ')} has no current context`,
      names.length === 0
        ? waysToACluster(env, 'set KUBECONFIG')
        : `select a context with --context (${known}), or use --local`,
    )
  if (config.getCurrentCluster() === null)
    throw new UsageError(
      `the cluster of context ${config.currentContext} is not in the kubeconfig`,
      `select another one with --context (${known})`,
    )
}

function noCluster(files: string[], env: Terminal['env']): UsageError {
  return new UsageError(
    `no cluster configured: ${files.join(' and ')} not found`,
    waysToACluster(
      env,
      'set KUBECONFIG to the file of another cluster; check, plan and convert need none',
    ),
  )
}
