import { join, resolve } from 'node:path'
import type { ClusterOptions } from '../contract.ts'

/** Where a cluster keeps what; all paths are absolute. */
export interface ClusterPaths {
  root: string
  /** What the cluster is: its slot and its nodes. */
  record: string
  lock: string
  kubeconfig: string
  pki: string
  etcd: string
  registry: string
  packageRegistry: string
  /** The login of what writes into the registries. */
  registryLogin: string
  /** The same as Docker's `config.json`, for builders. */
  dockerLogin: string
  log: string
  /** Configuration files and process records; gone after `down`. */
  run: string
}

export interface NodePaths {
  root: string
  /** The script that is its process 1, and the output of that. */
  init: string
  initLog: string
  etc: string
  log: string
  /** The node's own /var and /tmp. */
  disk: string
  /** The claims that were provided on this node. */
  volumes: string
}

/** Where a node sees its own volumes. */
export const volumesOnNode = '/var/lib/landfall/volumes'

/** The XDG variables decide, and `HOME` where they are not set. */
export function defaultOptions(env: NodeJS.ProcessEnv): ClusterOptions {
  const home = env.HOME ?? '/root'
  return {
    name: 'default',
    nodes: 1,
    cacheDirectory: join(env.XDG_CACHE_HOME || join(home, '.cache'), 'landfall'),
    stateDirectory: join(env.XDG_STATE_HOME || join(home, '.local/state'), 'landfall/clusters'),
    provision: { env, ...(env.LANDFALL_MIRROR !== undefined && { mirror: env.LANDFALL_MIRROR }) },
  }
}

/** Throws an Error when the name cannot be one of a cluster: it becomes a directory, which `down` may remove. */
export function clusterPaths(options: ClusterOptions): ClusterPaths {
  if (!/^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$/.test(options.name))
    throw new Error(
      `"${options.name}" is not a valid cluster name: use lowercase letters, digits and dashes, at most 40`,
    )
  const root = resolve(options.stateDirectory, options.name)
  return {
    root,
    record: join(root, 'cluster.json'),
    lock: resolve(options.stateDirectory, `${options.name}.lock`),
    kubeconfig: join(root, 'kubeconfig'),
    pki: join(root, 'pki'),
    etcd: join(root, 'etcd'),
    registry: join(root, 'registry'),
    packageRegistry: resolve(options.cacheDirectory, 'package-registry'),
    registryLogin: join(root, 'registry-login.json'),
    dockerLogin: join(root, 'run', 'docker-login.json'),
    log: join(root, 'log'),
    run: join(root, 'run'),
  }
}

export function nodePaths(paths: ClusterPaths, node: string): NodePaths {
  const root = join(paths.root, 'nodes', node)
  return {
    root,
    init: join(root, 'init.sh'),
    initLog: join(root, 'init.log'),
    etc: join(root, 'etc'),
    log: join(root, 'log'),
    disk: join(root, 'disk'),
    volumes: join(root, 'disk', volumesOnNode),
  }
}
