import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { ClusterOptions, Progress } from '../contract.ts'
import { missingToPrepare } from '../host/requirements.ts'
import { withBundle } from '../releases/bundle/open.ts'
import { directoriesOf, installedReleases, installReleases } from '../releases/install-all.ts'
import { readReleaseTable } from '../releases/read-table.ts'
import { type ReleaseName, releaseTable } from '../releases/table.ts'
import { releasesAnswer } from '../releases/transfer/answer.ts'
import { type Place, placeOf } from '../releases/transfer/place.ts'
import type { HostTools } from './host-tools.ts'
import { type NetworkTools, networkTools } from './network-tools.ts'
import { prepare } from './prepare.ts'
import { isKubernetesBuilt, kubernetesVersion, type Programs } from './programs.ts'

/** Everything that a cluster runs, and where it came from. */
export interface Parts {
  way: 'download' | 'build'
  /** The Kubernetes version of the Landfall that chose them. */
  landfall: string
  programs: Programs
  tools: HostTools
}

/**
 * Provides what a cluster runs: official binaries if the release hosts respond, else programs that are built from source. What is
 * in the cache is used without contacting a host; `before` is what the cluster ran with. `onTools` gets the tools as soon as they
 * are there, which can be long before the programs. Throws an Error with what to do.
 */
export async function provideParts(
  options: ClusterOptions,
  before: Parts | undefined,
  progress: Progress,
  onTools: (tools: HostTools) => void = () => {},
): Promise<Parts> {
  const { cacheDirectory, provision: { way, mirror, table: file, bundle, env = {} } = {} } = options
  const table = file === undefined ? releaseTable : readReleaseTable(file)
  const place = placeOf(mirror)
  const downloadFrom = async (from: Place) => {
    const network = networkTools(cacheDirectory, progress)
    // It is awaited below; until then its error must not count as unhandled.
    network.catch(() => {})
    const directories = directoriesOf(cacheDirectory, table)
    await installReleases({ cacheDirectory, table, place: from, env }, progress, {
      // The registries run without the other programs.
      registry: async () => onTools(toolsOf(directories, await network)),
    })
    return fromReleases(directories, await network)
  }
  const download = () => {
    requireNothing('download')
    return downloadFrom(place)
  }
  const build = async (isCached: boolean): Promise<Parts> => {
    requireNothing('build')
    const built = await prepare(cacheDirectory, progress, isCached ? undefined : onTools)
    return { way: 'build', landfall: kubernetesVersion, ...built }
  }
  if (bundle !== undefined) {
    requireNothing('download')
    return withBundle(bundle, table, cacheDirectory, downloadFrom)
  }
  if (way === 'build') return build(await isKubernetesBuilt(cacheDirectory))
  if (way === 'download') return download()
  if (file === undefined && before !== undefined && isUsable(before)) return before
  const preferBuilt = before?.way === 'build'
  if (!preferBuilt && installedReleases(cacheDirectory, table) !== undefined) return download()
  if (file === undefined && (await isKubernetesBuilt(cacheDirectory))) return build(true)
  const step = 'contacting the release hosts'
  progress({ step, state: 'start' })
  const begun = performance.now()
  const answer = await releasesAnswer(table, place, env)
  const detail = answer.ok
    ? 'official binaries are downloaded'
    : `${answer.why}: Kubernetes is built from source`
  progress({ step, state: 'done', ms: Math.round(performance.now() - begun), detail })
  if (answer.ok) return download()
  if (file !== undefined)
    throw new Error(`the releases of ${file} cannot be downloaded: ${answer.why}`)
  const missing = missingToPrepare([], 'build')[0]
  if (missing === undefined) return build(false)
  throw new Error(
    `Kubernetes can neither be downloaded (${answer.why}) nor built (${missing.missing}): ${missing.hint}, or see LANDFALL_MIRROR and --bundle in docs/local-cluster.md`,
  )
}

/** Whether the cluster can go on with what was downloaded for it: a bundle or other releases are not found again otherwise. */
function isUsable({ way, landfall, programs, tools }: Parts): boolean {
  const commands = Object.values(programs.components).map(([program]) => program)
  const paths = [...commands, programs.kubectl, programs.coredns, tools.containerd, tools.registry]
  return way === 'download' && landfall === kubernetesVersion && paths.every(existsSync)
}

function requireNothing(way: 'download' | 'build'): void {
  const missing = missingToPrepare([], way)[0]
  if (missing !== undefined) throw new Error(`${missing.missing} (${missing.hint})`)
}

function fromReleases(at: Record<ReleaseName, string>, network: NetworkTools): Parts {
  const program = (name: ReleaseName): [string] => [join(at[name], name)]
  return {
    way: 'download',
    landfall: kubernetesVersion,
    programs: {
      components: {
        etcd: program('etcd'),
        'kube-apiserver': program('kube-apiserver'),
        'kube-controller-manager': program('kube-controller-manager'),
        'kube-scheduler': program('kube-scheduler'),
        kubelet: program('kubelet'),
        'kube-proxy': program('kube-proxy'),
      },
      kubectl: join(at.kubectl, 'kubectl'),
      coredns: join(at.coredns, 'coredns'),
    },
    tools: toolsOf(at, network),
  }
}

function toolsOf(at: Record<ReleaseName, string>, network: NetworkTools): HostTools {
  return {
    containerd: join(at.containerd, 'containerd'),
    ctr: join(at.containerd, 'ctr'),
    cni: at.cni,
    registry: join(at.registry, 'registry'),
    env: { ...network.env, PATH: [at.containerd, at.runc, network.env.PATH].join(':') },
  }
}
