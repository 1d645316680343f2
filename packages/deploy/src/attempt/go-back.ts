import { AnswerError, ConnectionError, StatusError } from '@landfall/kube'
import type { Back, Verdict } from '../events.ts'
import { withExplicitDefaults } from '../release/explicit-defaults.ts'
import { DamagedRevisionError, lastReady, type StoredRevision } from '../release/revisions.ts'
import type { Deadline } from './attempt.ts'
import { withCopiesThatAreThere } from './copies.ts'
import type { Attempted, OpenedRelease } from './with-release.ts'

/** What a verdict says of going back. */
export type GoBack = Pick<Verdict, 'revision' | 'back' | 'notBack'>

/** Going back takes as long as a deploy; a cluster in which not even that works is left alone after this time. */
const BACK_MS = 600_000

/** Makes the release again what it was when it was last ready. */
export async function goBack(
  open: OpenedRelease,
  failed: Attempted,
  keep: boolean,
): Promise<GoBack> {
  const { history, onEvent, clock } = open
  const revision = failed.revision === undefined ? {} : { revision: failed.revision }
  if (history.missing !== undefined) return { ...revision, notBack: history.missing }
  const ended = history.revisions.find(({ number }) => number === failed.revision)
  // nothing was changed by this revision, so there is nothing to take back
  if (failed.revision === undefined || (!failed.touched && ended?.state !== 'failed'))
    return revision
  if (keep) return { ...revision, notBack: 'it stays as it is (--keep)' }
  const target = lastReady(history.revisions, failed.revision)
  if (target === undefined)
    return { ...revision, notBack: 'no earlier revision was ready, so it stays as it is' }
  onEvent({ type: 'back', to: target.number })
  const beganAt = clock.now()
  const isThere = (tree: string) => failed.copied.has(tree)
  const deadline = { at: beganAt + BACK_MS, timeoutMs: BACK_MS }
  const outcome = await repeatRevision(open, target, isThere, deadline).catch(unlessOver)
  if (outcome instanceof Error)
    return {
      ...revision,
      notBack: `going back to revision ${target.number} failed: ${outcome.message}`,
    }
  const { state, failure } = outcome
  const back: Back = {
    to: target.number,
    state,
    ms: Math.round(clock.now() - beganAt),
    ...(outcome.revision !== undefined && { revision: outcome.revision }),
    ...(failure && { failure }),
    lasting: failed.lasting,
  }
  return { ...revision, back }
}

/** Deploys the objects of a revision once more, as a new revision. `isThere`: whether the copy of a tree that pods now wait for is complete. */
export async function repeatRevision(
  open: OpenedRelease,
  target: StoredRevision,
  isThere: (tree: string) => boolean,
  deadline?: Deadline,
): Promise<Attempted> {
  const objects = await target.objects()
  const checks = await target.checks()
  return open.attempt({
    of: target.number,
    kinds: objects,
    // what somebody tried by hand meanwhile is not what the release was
    othersFields: 'override',
    ...(checks && { checks }),
    want: ({ live }) => ({
      objects: withCopiesThatAreThere(
        withExplicitDefaults(objects, live),
        [...live.values()],
        isThere,
      ),
      uploads: [],
    }),
    ...(deadline && { deadline }),
  })
}

/** What the cluster refuses, or a Secret that was changed, does not hide the verdict of what failed first. */
function unlessOver(error: unknown): Error {
  const kinds = [StatusError, ConnectionError, AnswerError, DamagedRevisionError]
  if (kinds.some((kind) => error instanceof kind)) return error as Error
  throw error
}
