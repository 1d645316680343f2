import type { Failure } from '../events.ts'
import type { Conflict } from './drift.ts'

/** As many are listed. */
const MOST = 6

/** The failure of a deploy that would take fields from others; nothing was changed. */
export function conflictFailure(conflicts: readonly Conflict[]): Failure | undefined {
  const [first] = conflicts
  if (first === undefined) return undefined
  const shown = conflicts.slice(0, MOST).map(inWords)
  const more = conflicts.length - shown.length
  return {
    object: first.object,
    code: 'deploy/conflict',
    reason: 'Conflict',
    message: `${shown.join('; ')}${more > 0 ? `; and ${more} more` : ''}. Nothing was changed`,
    hint: '--force-conflicts sets the values of the project again; to keep the others, write them into the project',
  }
}

/** `kubectl-edit has set spec.replicas of deployment/web (2026-01-31T10:00:00Z)` */
function inWords({ object, field, manager, at }: Conflict): string {
  return `${manager} has set ${field} of ${object}${at === undefined ? '' : ` (${at})`}`
}
