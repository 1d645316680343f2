import type { Rollout, ServicePlan } from '../plan/plan.ts'

/** Seconds. What a Deployment has if it names no deadline. */
const USUAL = 600

/** Seconds. Waiting in a gate is no failure of a rollout, whose deadline it would use up; a day is longer than any wait. */
const GATED = 86_400

/** Seconds. Starts, ends and pauses that are longer than this use up too much of the usual deadline. */
const SHORT = 300

/**
 * Seconds in which a rollout of these services must make progress; undefined if the usual ten minutes are enough. An old
 * pod may need `grace` seconds to end, and a new one as long as its health check allows, before there is any. The API
 * requires more than `minReadySeconds`.
 */
export function progressDeadline(
  services: readonly ServicePlan[],
  rollout: Rollout | undefined,
  grace: number,
): number | undefined {
  if (services[0]?.kind !== 'Deployment') return undefined
  const start = Math.max(0, ...services.map(({ unhealthyAfter = 0 }) => 2 * unhealthyAfter))
  const proven = rollout?.minReadySeconds ?? 0
  const needed = Math.ceil(start + grace + proven)
  if (services.some(({ gates, files }) => gates.length > 0 || files.some(awaitsCopy)))
    return Math.max(GATED, USUAL + needed)
  return needed > SHORT ? USUAL + needed : undefined
}

/** Whether a tree that is too large for objects has to be in a claim of the service before it starts. */
function awaitsCopy({ fills }: ServicePlan['files'][number]): boolean {
  return fills?.upload !== undefined
}
