import type { ClusterOptions, Progress } from '../../contract.ts'
import { architecture as own } from '../../host/architecture.ts'
import { readReleaseTable } from '../read-table.ts'
import { releaseTable } from '../table.ts'
import { placeOf } from '../transfer/place.ts'
import { writeBundle } from './write.ts'

/**
 * Writes a bundle of the releases that a cluster with these options runs, for this kind of processor or another one (`amd64`,
 * `arm64`). Resolves with its sha256. Any operating system can make it, without root.
 */
export function bundleReleases(
  output: string,
  { cacheDirectory, provision: { mirror, table, env = {} } = {} }: ClusterOptions,
  progress: Progress,
  architecture: string = own,
): Promise<string> {
  const releases = table === undefined ? releaseTable : readReleaseTable(table)
  const from = { cacheDirectory, table: releases, place: placeOf(mirror), env }
  return writeBundle(output, architecture, from, progress)
}
