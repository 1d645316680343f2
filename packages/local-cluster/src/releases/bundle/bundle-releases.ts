import type { ClusterOptions, Progress } from '../../contract.ts'
import { architecture as own } from '../../host/architecture.ts'
import { ReleaseProblem } from '../problem.ts'
import { readReleaseTable } from '../read-table.ts'
import { releaseTable } from '../table.ts'
import { releasesAnswer } from '../transfer/answer.ts'
import { placeOf } from '../transfer/place.ts'
import { writeBundle } from './write.ts'

/**
 * Writes a bundle of the releases that a cluster with these options runs, for this kind of processor or another one (`amd64`,
 * `arm64`). Resolves with its sha256. Any operating system can make it, without root.
 * Throws ReleaseProblem or CannotWrite.
 */
export async function bundleReleases(
  output: string,
  { cacheDirectory, provision: { mirror, table, env = {} } = {} }: ClusterOptions,
  progress: Progress,
  architecture: string = own,
): Promise<string> {
  const releases = table === undefined ? releaseTable : readReleaseTable(table)
  const from = { cacheDirectory, table: releases, place: placeOf(mirror), env }
  const answer = await releasesAnswer(releases, from.place, env, { architecture })
  if (!answer.ok)
    throw new ReleaseProblem(
      `a bundle is made of official releases, not of programs that were built here, and ${answer.why}: run the command where the release hosts respond, or with LANDFALL_MIRROR`,
    )
  return writeBundle(output, architecture, from, progress)
}
