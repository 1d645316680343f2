import type { ReleaseStatus } from '@landfall/deploy'
import type { StatusLine } from '../../contract/day/status.ts'
import type { ReleasePlace } from '../../project/release.ts'
import { withoutCredentials } from '../credentials.ts'
import type { Unversioned } from '../print-line.ts'
import { driftOf } from './drift.ts'

/** The state of a release for programs; undefined: the namespace has none of that name. */
export function statusLine(
  { release, namespace }: ReleasePlace,
  status: ReleaseStatus | undefined,
): Unversioned<StatusLine> {
  if (status === undefined)
    return {
      type: 'status',
      release,
      namespace,
      state: 'notFound',
      workloads: [],
      drift: [],
      unread: [],
    }
  const { state, revision, workloads, drift, unread } = status
  return {
    type: 'status',
    release,
    namespace,
    state,
    revision,
    workloads: workloads.map(({ waitsFor, ...workload }) => {
      const { object, state, message, ready, desired, restarts, images, ageMs, pods, source } =
        workload
      const { kept, effectGone, effectUnknown } = workload
      return {
        object,
        state,
        message: withoutCredentials(message),
        ready,
        desired,
        restarts,
        images,
        ageMs,
        pods,
        ...(source !== undefined && { source }),
        ...(kept.length > 0 && {
          kept: kept.map(({ at, act, why }) => ({ at, act, why: withoutCredentials(why) })),
        }),
        ...(effectGone !== undefined && { effectGone: withoutCredentials(effectGone) }),
        ...(effectUnknown !== undefined && { effectUnknown: withoutCredentials(effectUnknown) }),
        ...(waitsFor !== undefined && { waitsFor }),
      }
    }),
    drift: drift.map(driftOf),
    unread,
  }
}
