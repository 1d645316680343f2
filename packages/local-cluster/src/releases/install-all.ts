import { join } from 'node:path'
import type { Progress } from '../contract.ts'
import { keepPrivate } from '../host/private-directory.ts'
import { asStep } from '../host/step.ts'
import { installRelease } from './install.ts'
import { installedChecksum, releaseDirectory } from './installed.ts'
import { type ReleaseFile, type ReleaseName, type ReleaseTable, releaseFiles } from './table.ts'
import { allAtOnce } from './transfer/all-at-once.ts'
import type { Place } from './transfer/place.ts'

/** Milliseconds for everything; on a connection of 1 MB/s it takes seven minutes. */
export const DOWNLOAD_LIMIT_MS = 60 * 60_000

export interface InstallAllOptions {
  cacheDirectory: string
  table: ReleaseTable
  place: Place
  /** For its proxies. */
  env: Readonly<Record<string, string | undefined>>
}

/** The directories of all releases of a table for this machine, if they are in the cache. Reads files only. */
export function installedReleases(
  cacheDirectory: string,
  table: ReleaseTable,
): Record<ReleaseName, string> | undefined {
  const directories = directoriesOf(cacheDirectory, table)
  const files = releaseFiles(table)
  const whole = Object.values(files).every(
    (file) => installedChecksum(directories[file.name as ReleaseName], file) !== undefined,
  )
  return whole ? directories : undefined
}

/** What follows the installation of one release, while the others are still downloaded. */
export type Following = Partial<Record<ReleaseName, () => Promise<void>>>

/** Puts all releases into the cache that are not there, all at once. Throws ReleaseProblem for the first that fails, or what `following` throws. */
export async function installReleases(
  options: InstallAllOptions,
  progress: Progress,
  following: Following = {},
): Promise<Record<ReleaseName, string>> {
  const { cacheDirectory, table, place, env } = options
  const files = Object.values(releaseFiles(table))
  const isLocal = place.kind === 'directory'
  const step = `${isLocal ? 'unpacking' : 'downloading'} ${titleOf(files)}`
  const present = installedReleases(cacheDirectory, table)
  if (present !== undefined) {
    progress({ step, state: 'cached' })
    return present
  }
  keepPrivate(cacheDirectory, join(cacheDirectory, 'releases'))
  await asStep(progress, step, async (report) => {
    await allAtOnce(
      files,
      async (file, transfer) => {
        await installRelease(file, { cacheDirectory, place, ...transfer })
        await following[file.name as ReleaseName]?.()
      },
      { env, report: isLocal ? () => {} : report, limitMs: DOWNLOAD_LIMIT_MS },
    )
  })
  return directoriesOf(cacheDirectory, table)
}

/** The directories of all releases of a table for this machine, whether they are there or not. */
export function directoriesOf(
  cacheDirectory: string,
  table: ReleaseTable,
): Record<ReleaseName, string> {
  const entries = Object.entries(releaseFiles(table)).map(([name, file]) => [
    name,
    releaseDirectory(cacheDirectory, file),
  ])
  return Object.fromEntries(entries) as Record<ReleaseName, string>
}

function titleOf(files: readonly ReleaseFile[]): string {
  const version = (name: string) => files.find((file) => file.name === name)?.version ?? ''
  return `Kubernetes ${version('kubelet')}, etcd ${version('etcd')}, CoreDNS ${version('coredns')} and containerd ${version('containerd')}`
}
