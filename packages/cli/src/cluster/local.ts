import { existsSync } from 'node:fs'
import { join } from 'node:path'
import {
  type Cluster,
  type ClusterOptions,
  clusterUp,
  defaultOptions,
  missingRequirements,
  prepareImagesMeanwhile,
  type Registries,
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

/** Throws a UsageError that lists what this machine lacks for a local cluster, and what works on it. */
export async function requireLocal(missing = missingRequirements()): Promise<void> {
  if (missing.length === 0) return
  const { clusterPrograms, withoutLocal } = await import('./without-local.ts')
  const { env, platform } = process
  const contexts = await knownContexts(env)
  throw new UsageError(
    withoutLocal(missing, { platform, programs: clusterPrograms(env), contexts }),
  )
}

/** The contexts of the kubeconfig; none if it cannot be read. */
async function knownContexts(env: NodeJS.ProcessEnv): Promise<string[]> {
  const { readKubeConfig } = await import('./kubeconfig.ts')
  try {
    const variables = Object.entries(env).filter(
      (entry): entry is [string, string] => entry[1] !== undefined,
    )
    return readKubeConfig(Object.fromEntries(variables), undefined)
      .getContexts()
      .map(({ name }) => name)
  } catch {
    return []
  }
}

/** What is done while a cluster starts. */
export interface Meanwhile {
  /** Made from packages while its programs are built, if only packages can provide them. */
  images?: readonly string[]
  /** Called when images can be built for it. */
  onRegistries?: (registries: Registries, ended: AbortSignal) => void
}

/** Starts the local cluster if it does not run; before the first time, says what that installs and where. */
export async function startLocal(
  options: ClusterOptions,
  display: Display,
  { images = [], onRegistries }: Meanwhile = {},
): Promise<Cluster> {
  await requireLocal()
  if (!['programs', 'releases'].some((part) => existsSync(join(options.cacheDirectory, part))))
    display.say(
      `First start: ${firstStep(options)}. Nothing else on this machine is changed. The state of the cluster is in ` +
        `${options.stateDirectory}; \`landfall cluster down --volumes\` deletes it.`,
    )
  const [cluster] = await Promise.all([
    orCommandFailed(clusterUp(options, display.progress, onRegistries)),
    prepareImagesMeanwhile(images, options.cacheDirectory, display.progress),
  ])
  return cluster
}

function firstStep({ cacheDirectory, provision: { way, bundle } = {} }: ClusterOptions): string {
  const programs = 'Kubernetes, etcd, CoreDNS, containerd and others'
  if (bundle !== undefined) return `unpacks ${programs} from the bundle into ${cacheDirectory}`
  const build = '(15 minutes on two idle cores; an interrupted build continues)'
  if (way === 'build') return `builds Kubernetes, etcd and CoreDNS into ${cacheDirectory} ${build}`
  const download = `downloads official binaries of ${programs} into ${cacheDirectory}`
  if (way === 'download') return download
  return `${download}; where the release hosts do not respond, it builds from source instead ${build}`
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
