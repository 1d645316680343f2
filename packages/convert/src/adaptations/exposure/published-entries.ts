import { runsOf, spanText } from '../../facts/ports/port-ranges.ts'
import type { PublishedPort } from '../../plan/plan.ts'

/**
 * The annotation by which the verdict finds published ports: `8080:80/tcp,10000-10010:10000-10010/udp?`. Whatever has a
 * question mark need not answer: a port of a range is often opened when it is needed. A range whose numbers are
 * announced is one entry, and nobody asks it.
 */
export function publishedEntries(ports: readonly PublishedPort[]): string {
  return runsOf(
    ports,
    (a, b) => b.announced === true && a.range !== undefined && a.range === b.range,
  )
    .map((run) => {
      const first = run[0] as PublishedPort
      const last = run.at(-1) as PublishedPort
      const numbers = spanText(numberOf(first), numberOf(last))
      const targets = spanText(first.port, last.port)
      const asked = first.range === undefined && !first.announced && !first.optional
      return `${numbers}:${targets}/${first.protocol.toLowerCase()}${asked ? '' : '?'}`
    })
    .join(',')
}

function numberOf({ hostPort, published, port }: PublishedPort): number {
  return hostPort ?? published ?? port
}
