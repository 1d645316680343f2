import type { Address } from '../answers/addresses.ts'
import type { Assessment, FailedAssessment } from './assess.ts'
import { type Owners, rootOf } from './roots.ts'

/** `not ready after 90 s` */
export function reasonOf(timeoutMs: number): string {
  return `not ready after ${Math.round(timeoutMs / 1000)} s`
}

/** What to name when time is up: where the chain of waits ends, and what it was doing then. */
export function timedOut(
  assessments: readonly Assessment[],
  owners: Owners,
  timeoutMs: number,
  pending: Address | undefined,
  lost: Error | undefined,
): FailedAssessment {
  const reason = reasonOf(timeoutMs)
  const byObject = new Map(assessments.map((one) => [one.object, one]))
  const open = assessments.filter(({ status }) => status.state !== 'current')
  const roots = open.map((one) => rootOf(one, byObject, owners))
  const root =
    roots.find(({ at }) => at.finding !== undefined) ??
    roots.find(({ at }) => !at.gated && at.watched === undefined) ??
    roots.find(({ waiter }) => waiter !== undefined) ??
    roots[0]
  const at =
    root?.at ?? byObject.get(owners.get(pending?.publishedBy ?? '') ?? '') ?? assessments[0]
  if (at === undefined) throw new Error('nothing is waited for')
  const waiter = root?.waiter
  const waited =
    waiter === undefined
      ? ''
      : `; ${waiter.by} waits for it: ${[waiter.wait.name, ...waiter.wait.ports].join(' ')}, ${waiter.wait.why}`
  const message =
    lost !== undefined
      ? `the API server does not answer: ${lost.message}`
      : root === undefined && pending !== undefined
        ? `port ${pending.port} of ${pending.service} does not answer: ${pending.error}`
        : `${at.finding?.message ?? at.message}${waited}`
  const about = at.finding?.about ?? (at.object.startsWith('job/') ? 'command' : 'healthcheck')
  return {
    ...at,
    finding: {
      ...at.finding,
      about,
      hint: at.finding?.hint ?? hintFor(at),
      message,
      code: 'deploy/not-ready',
      reason,
      final: true,
    },
  }
}

function hintFor({ object, watched, gated }: Assessment): string {
  if (watched !== undefined)
    return 'it was ready, but had not run for long enough to be sure: increase --timeout by half a minute'
  if (gated)
    return 'what it waits for is not part of this release, or has no workload: check its name'
  if (object.startsWith('job/'))
    return 'the program still runs: the last lines of its log show what it does or waits for'
  return 'the program runs and is not ready: the last lines of its log show what it does or waits for'
}
