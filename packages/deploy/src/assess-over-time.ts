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
 * Assesses again and again, and remembers between two looks for how long things have been as they are and when a
 * workload became ready last. `changed`: this deploy changed something, so what crashed before it may be well now.
 */
export function assessOverTime(
  workloads: readonly string[],
  changed: boolean,
  beganAt: number,
): AssessAt {
  const look = rememberSightings()
  let progressAt = changed ? beganAt : Number.NEGATIVE_INFINITY
  let ready: ReadonlySet<string> | undefined
  return (view, gateLines, at) => {
    const sightings = look(at)
    const assessNow = () =>
      assess(workloads, view, {
        sightings,
        gateLines,
        sinceProgress: at - progressAt,
        sinceBegin: at - beganAt,
      })
    const assessments = assessNow()
    const before = ready
    ready = new Set(
      assessments.filter(({ status }) => status.state === 'current').map(({ object }) => object),
    )
    if (before === undefined || [...ready].every((object) => before.has(object))) return assessments
    // what crashed until this moment may have waited for what has just become ready
    progressAt = at
    return assessNow()
  }
}
