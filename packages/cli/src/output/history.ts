import type { Revision } from '@landfall/deploy'
import type { HistoryLine } from '../contract/history.ts'
import type { ReleasePlace } from '../project/release.ts'
import { withoutCredentials } from './credentials.ts'
import type { Unversioned } from './print-line.ts'

/** The revisions of a release for programs. */
export function historyLine(
  { release, namespace }: ReleasePlace,
  revisions: readonly Revision[],
): Unversioned<HistoryLine> {
  return { type: 'history', release, namespace, revisions: revisions.map(revisionOf) }
}

/** A time in milliseconds since 1970 as RFC 3339, in UTC. */
export function timeOf(at: number): string {
  return new Date(at).toISOString()
}

function revisionOf(revision: Revision): HistoryLine['revisions'][number] {
  const { number, state, at, by, command, of, changes, failure, version } = revision
  const { environment, note, git } = revision
  return {
    number,
    state,
    time: timeOf(at),
    by,
    command,
    ...(of !== undefined && { of }),
    changes,
    ...(failure && {
      failure: {
        object: failure.object,
        code: failure.code,
        reason: failure.reason,
        message: withoutCredentials(failure.message),
      },
    }),
    ...(version !== undefined && { version }),
    ...(environment !== undefined && { environment }),
    ...(note !== undefined && { note }),
    ...(git && { git: { commit: git.commit, dirty: git.dirty } }),
  }
}
