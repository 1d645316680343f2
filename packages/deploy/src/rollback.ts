import { repeatRevision } from './attempt/go-back.ts'
import { type ReleaseOptions, withRelease } from './attempt/with-release.ts'
import type { Verdict } from './events.ts'
import {
  lastReady,
  NoRevisionError,
  requireRevision,
  type StoredRevision,
} from './release/revisions.ts'

export interface RollbackOptions extends ReleaseOptions {
  /** The revision to go back to; if omitted, the last one before the present that was ready. */
  to?: number
}

/**
 * Makes a release again what it was, from what is kept in the cluster: without the files of the project, on any machine. It becomes a new
 * revision; Jobs that are still there do not run again. Throws a NoRevisionError before anything is changed, and as `deployRelease`.
 */
export async function rollbackRelease(options: RollbackOptions): Promise<Verdict> {
  return withRelease(options, 'rollback', async (open) => {
    const { revisions, missing } = open.history
    if (missing !== undefined) throw new NoRevisionError(missing)
    const target = targetOf(revisions, options.to)
    const outcome = await repeatRevision(open, target, () => current(revisions)?.state === 'ready')
    const { revision } = outcome
    const verdict = { ...outcome, ...(revision !== undefined && { revision }) }
    return outcome.state === 'ready' || !outcome.touched
      ? verdict
      : { ...verdict, notBack: `it stays as it is: a rollback is not taken back` }
  })
}

function current<T>(revisions: readonly T[]): T | undefined {
  return revisions.at(-1)
}

function targetOf(revisions: readonly StoredRevision[], to: number | undefined): StoredRevision {
  const present = current(revisions)
  if (present === undefined) throw new NoRevisionError('there is no revision of this release')
  if (to === undefined) {
    // what the present revision repeats is no other state
    const same = new Set([present.number, present.of])
    const found = lastReady(
      revisions.filter(({ number, of }) => !same.has(number) && !same.has(of ?? number)),
      present.number,
    )
    if (found === undefined)
      throw new NoRevisionError(`no revision before ${present.number} was ready`)
    return found
  }
  return requireRevision(revisions, to)
}
