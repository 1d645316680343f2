import { containersOf, endsOf } from '../view/containers.ts'
import { rememberSightings } from '../view/sightings.ts'
import { endsKey } from '../view/steady.ts'
import type { ClusterView } from '../view/view.ts'
import { type Assessment, assess } from './assess.ts'

/** Assesses the workloads at a time of a clock that never goes back; `serverNow` is the API server's, if known. */
export type AssessAt = (
  view: ClusterView,
  gateLines: ReadonlyMap<string, string>,
  at: number,
  serverNow?: number,
) => Assessment[]

/**
 * Assesses again and again, and remembers between two looks for how long things have been as they are, and how they were
 * at the first look: ends before that do not count.
 */
export function assessOverTime(workloads: readonly string[]): AssessAt {
  const look = rememberSightings()
  let begin: { at: number; endsBefore: ReadonlyMap<string, number> } | undefined
  return (view, gateLines, at, serverNow) => {
    begin ??= { at, endsBefore: endsOfAll(view) }
    return assess(workloads, view, {
      sightings: look(at),
      gateLines,
      sinceBegin: at - begin.at,
      endsBefore: begin.endsBefore,
      serverNow,
    })
  }
}

/** How often each container had ended, by `endsKey`, as a view shows it. */
export function endsOfAll(view: ClusterView): Map<string, number> {
  return new Map(
    [...view.pods.values()].flatMap((pod) =>
      containersOf(pod).map((container) => [endsKey(pod, container), endsOf(container)] as const),
    ),
  )
}
