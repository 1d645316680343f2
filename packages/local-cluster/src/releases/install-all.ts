import { join } from 'node:path'
import type { Progress } from '../contract.ts'
import { keepPrivate } from '../host/private-directory.ts'
import { proxyAgent } from '../host/proxy-agent.ts'
import { asStep } from '../host/step.ts'
import { installRelease } from './install.ts'
import { installedChecksum, releaseDirectory } from './installed.ts'
import { type ReleaseFile, type ReleaseName, type ReleaseTable, releaseFiles } from './table.ts'
import type { Place } from './transfer/place.ts'

/** Milliseconds for everything; on a connection of 1 MB/s it takes seven minutes. */
const LIMIT_MS = 60 * 60_000

const REPORT_MS = 500

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

/** Puts all releases into the cache that are not there, all at once. Throws ReleaseProblem for the first that fails. */
export async function installReleases(
  options: InstallAllOptions,
  progress: Progress,
): Promise<Record<ReleaseName, string>> {
  const { cacheDirectory, table, place, env } = options
  const files = Object.values(releaseFiles(table))
  const step = `downloading ${titleOf(files)}`
  const present = installedReleases(cacheDirectory, table)
  if (present !== undefined) {
    progress({ step, state: 'cached' })
    return present
  }
  keepPrivate(cacheDirectory, join(cacheDirectory, 'releases'))
  await asStep(progress, step, async (report) => {
    const dispatcher = await proxyAgent(env)
    const failed = new AbortController()
    const signal = AbortSignal.any([failed.signal, AbortSignal.timeout(LIMIT_MS)])
    const counted = counter(report)
    const work = files.map(async (file) => {
      try {
        const onBytes = counted(file)
        await installRelease(file, { cacheDirectory, place, dispatcher, signal, onBytes })
      } catch (error) {
        failed.abort()
        throw error
      }
    })
    try {
      await Promise.all(work)
    } finally {
      // The others end before the process goes on: their locks are released.
      await Promise.allSettled(work)
      await dispatcher.close()
    }
  })
  return directoriesOf(cacheDirectory, table)
}

function directoriesOf(cacheDirectory: string, table: ReleaseTable): Record<ReleaseName, string> {
  const entries = Object.entries(releaseFiles(table)).map(([name, file]) => [
    name,
    releaseDirectory(cacheDirectory, file),
  ])
  return Object.fromEntries(entries) as Record<ReleaseName, string>
}

/** Adds up what the files report, and reports it twice a second at most. */
function counter(report: (detail: string) => void) {
  const all = new Map<ReleaseFile, { received: number; total: number | undefined }>()
  let last = 0
  return (file: ReleaseFile) => (received: number, total: number | undefined) => {
    all.set(file, { received, total })
    if (Date.now() - last < REPORT_MS) return
    last = Date.now()
    const states = [...all.values()]
    const sum = states.reduce((bytes, state) => bytes + state.received, 0)
    const known = states.every((state) => state.total !== undefined)
    const whole = states.reduce((bytes, state) => bytes + (state.total ?? 0), 0)
    report(known ? `${megabytes(sum)} of ${megabytes(whole)} MB` : `${megabytes(sum)} MB`)
  }
}

function megabytes(bytes: number): number {
  return Math.round(bytes / 1e6)
}

function titleOf(files: readonly ReleaseFile[]): string {
  const version = (name: string) => files.find((file) => file.name === name)?.version ?? ''
  return `Kubernetes ${version('kubelet')}, etcd ${version('etcd')}, CoreDNS ${version('coredns')} and containerd ${version('containerd')}`
}
