import { type Assessment, assess } from './assess.ts'
import { rememberSightings } from './sightings.ts'
import type { ClusterView } from './view.ts'

/** Assesses the workloads at a time; times never go back. */
export type AssessAt = (
  view: ClusterView,
  gateLines: ReadonlyMap<string, string>,
  at: number,
) => Assessment[]

/**
 * Assesses again and again, and remembers between two looks for how long things have been as they are.
 * `changed`: this deploy changed something, so what crashed before it may be well now.
 */
export function assessOverTime(workloads: readonly string[], changed: boolean): AssessAt {
  const look = rememberSightings()
  let beganAt: number | undefined
  return (view, gateLines, at) => {
    beganAt ??= at
    const sinceBegin = at - beganAt
    return assess(workloads, view, { sightings: look(at), gateLines, changed, sinceBegin })
  }
}
