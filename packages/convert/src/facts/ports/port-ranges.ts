import type { Port } from '@landfall/compose'
import { spanOf } from '@landfall/diagnostic'
import type { Conversion, ServiceConversion } from '../../conversion.ts'
import type { PortSpan } from '../../plan/plan.ts'

/** The published ports that one entry of the Compose file stands for: one, or all of a range. */
export interface PortRange {
  /** Index in `ports` of the project, in which a range is a port each, of its first. */
  index: number
  /** Never empty. */
  ports: Port[]
}

/** The published ports of a service, those of a range (`10000-20000:10000-20000/udp`) together. */
export function portRanges(
  { origins }: Conversion,
  { compose, at }: ServiceConversion,
): PortRange[] {
  const ranges: PortRange[] = []
  let place: string | undefined
  for (const [index, port] of (compose.ports ?? []).entries()) {
    const span = spanOf(origins, at('ports', index))
    const here = span === undefined ? undefined : `${span.file} ${span.start}`
    const range = ranges.at(-1)
    const before = range?.ports.at(-1)
    if (range !== undefined && before !== undefined && here === place && follows(before, port))
      range.ports.push(port)
    else ranges.push({ index, ports: [port] })
    place = here
  }
  return ranges
}

function follows(before: Port, port: Port): boolean {
  const published =
    before.published === port.published
      ? port.published === undefined
      : Number(port.published) === Number(before.published) + 1
  return (
    published &&
    port.target === before.target + 1 &&
    port.protocol === before.protocol &&
    port.host_ip === before.host_ip
  )
}

/** Whether a port of a container is one of a span. */
export function isInSpan(
  { first, last, protocol }: PortSpan,
  port: { port: number; protocol: string },
): boolean {
  return port.protocol.toUpperCase() === protocol && port.port >= first && port.port <= last
}

/** Neighbours of a list that belong together, as lists. */
export function runsOf<T>(items: readonly T[], belongs: (before: T, item: T) => boolean): T[][] {
  const runs: T[][] = []
  for (const item of items) {
    const run = runs.at(-1)
    const before = run?.at(-1)
    if (run !== undefined && before !== undefined && belongs(before, item)) run.push(item)
    else runs.push([item])
  }
  return runs
}

/** `8080`, `10000-20000` */
export function spanText(first: number | string, last: number | string): string {
  return String(first) === String(last) ? String(first) : `${first}-${last}`
}

/** Ports as a person would list them: `3478/tcp`, `49160-49200/udp`. */
export function listPorts(ports: readonly { port: number; protocol: string }[]): string[] {
  const sorted = ports.toSorted(
    (a, b) => (a.protocol === b.protocol ? 0 : a.protocol < b.protocol ? -1 : 1) || a.port - b.port,
  )
  return runsOf(sorted, (a, b) => a.protocol === b.protocol && b.port === a.port + 1)
    .map(
      (run) => ({ first: run[0], last: run.at(-1) }) as Record<'first' | 'last', (typeof ports)[0]>,
    )
    .sort((a, b) => a.first.port - b.first.port)
    .map(({ first, last }) => `${spanText(first.port, last.port)}/${first.protocol.toLowerCase()}`)
}
