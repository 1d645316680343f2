import { Buffer } from 'node:buffer'
import { gzipSync } from 'node:zlib'
import { withHeader } from './header.ts'

/** Bytes in which a Secret holds data. https://kubernetes.io/docs/concepts/configuration/secret/#restriction-data-size */
const LARGEST_SECRET = 1024 * 1024

/** Characters of a chart that is small enough in any case. */
const SMALL = 400_000

/** A release is at most so many times as large as its texts, compressed in little time: base64 hides what repeats itself. */
const MOST_TIMES = 5

/** A release that is so many times too large with little compression is too large with more. */
const CLEARLY = 1.25

/**
 * What to print about a chart that is too large for a release: Helm keeps the chart, each file in base64, and the rendered objects in one Secret,
 * compressed and in base64. Empty for a chart that is not. `files` are those that are written, without the lines that Landfall adds.
 */
export function releaseSizeLines(files: ReadonlyMap<string, string>): string[] {
  if ([...files.values()].reduce((sum, { length }) => sum + length, 0) < SMALL) return []
  const texts = [...files.values()].join('')
  if (gzipSync(texts, { level: 1 }).length * MOST_TIMES < LARGEST_SECRET) return []
  const release = releaseOf(files)
  const sizeAt = (level: number) => (gzipSync(release, { level }).length * 4) / 3
  // as well as Helm does takes three times as long, and saves a few percent
  const estimate = sizeAt(6)
  if (estimate < LARGEST_SECRET) return []
  const size = estimate > LARGEST_SECRET * CLEARLY ? estimate : sizeAt(9)
  if (size < LARGEST_SECRET) return []
  return [
    `note: helm install refuses this chart: a release of about ${(size / LARGEST_SECRET).toFixed(1)} MiB does not fit into a Secret of 1 MiB`,
    '  hint: landfall up --bundle deploys it; or make directories storage, which has no such limit (volumes: { PATH: { as: storage } } in landfall.yaml)',
  ]
}

/** What Helm compresses. */
function releaseOf(files: ReadonlyMap<string, string>): Buffer {
  const chart: Buffer[] = []
  let objects = ''
  for (const [name, content] of files) {
    const text = withHeader(name, content)
    chart.push(Buffer.from(Buffer.from(text).toString('base64'), 'latin1'))
    if (/^templates\/.*\.yaml$/.test(name)) objects += text
  }
  return Buffer.concat([...chart, Buffer.from(JSON.stringify(objects))])
}
