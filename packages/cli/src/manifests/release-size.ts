import { Buffer } from 'node:buffer'
import { gzipSync } from 'node:zlib'

/** Bytes in which a Secret holds data. https://kubernetes.io/docs/concepts/configuration/secret/#restriction-data-size */
const LARGEST_SECRET = 1024 * 1024

/** Characters of a chart that is small enough in any case. */
const SMALL = 400_000

/**
 * What to print about a chart that is too large for a release: Helm keeps the chart and the rendered objects in one Secret, compressed and in base64.
 * Undefined for a chart that is not.
 */
export function releaseSizeLines(files: ReadonlyMap<string, string>): string[] {
  const texts = [...files.values()]
  if (texts.reduce((sum, { length }) => sum + length, 0) < SMALL) return []
  const release = {
    chart: texts.map((text) => Buffer.from(text).toString('base64')),
    objects: texts,
  }
  const json = JSON.stringify(release)
  const sizeAt = (level: number) => (gzipSync(json, { level }).length * 4) / 3
  // Helm compresses as well as it can, which takes five times as long: most charts are small enough without it
  if (sizeAt(1) < LARGEST_SECRET) return []
  const size = sizeAt(9)
  if (size < LARGEST_SECRET) return []
  return [
    `note: helm install refuses this chart: a release of about ${(size / LARGEST_SECRET).toFixed(1)} MiB does not fit into a Secret of 1 MiB`,
    '  hint: landfall up --bundle deploys it; or make directories storage, which has no such limit (volumes: { PATH: { as: storage } } in landfall.yaml)',
  ]
}
