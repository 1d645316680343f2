import type { Clock } from '@landfall/kube'
import type { DeployEvent, Failure } from '../events.ts'
import type { FailureCode } from '../failures/index.ts'
import type { CheckResult } from './result.ts'
import { type RunChecksOptions, runChecks } from './run-checks.ts'

/** A program that a check has ended is seen as ended within this time. */
const AFTER_MS = 3_000

/** The checks of a release during the wait. */
export interface Checks {
  /** Runs them while everything is ready, from the first call with true on; starts again after something was not. */
  whileReady(ready: boolean): void
  /** All hold, and nothing has ended because of them. */
  hold(): boolean
  /** How they ended, in their order; undefined while they run. */
  results(): CheckResult[] | undefined
  /** The first that does not hold, when all have ended. */
  failure(): Failure | undefined
  /** The same when the time for everything is over. */
  timedOut(reason: string): Failure | undefined
  /** Fulfilled when nothing of them is left in the cluster, after the signal is aborted. */
  ended(): Promise<void>
}

export interface WatchChecksOptions extends Omit<RunChecksOptions, 'onRetry' | 'onResult'> {
  onEvent: (event: DeployEvent) => void
  onChange: () => void
  clock: Clock
}

export function watchChecks(options: WatchChecksOptions): Checks {
  const { checks, onEvent, onChange, clock, signal } = options
  let round: AbortController | undefined
  let rounds = Promise.resolve()
  let results: CheckResult[] | undefined = checks.length === 0 ? [] : undefined
  let endedAt = Number.NEGATIVE_INFINITY
  let problem: { error: unknown } | undefined
  let waits = new Map<string, string>()
  const run = async (own: AbortController): Promise<void> => {
    if (own !== round || signal.aborted) return
    const beganAt = clock.now()
    try {
      const found = await runChecks({
        ...options,
        onRetry(name, message) {
          if (own !== round || waits.get(name) === message) return
          waits.set(name, message)
          onEvent({ type: 'wait', object: objectOf(name), message })
        },
        onResult({ name, state }) {
          if (own !== round) return
          waits.delete(name)
          const ms = Math.round(clock.now() - beganAt)
          if (state === 'holds') onEvent({ type: 'ready', object: objectOf(name), ms })
        },
        signal: AbortSignal.any([own.signal, signal]),
      })
      if (own !== round) return
      results = found
      endedAt = clock.now()
    } catch (error) {
      if (own.signal.aborted || signal.aborted) return
      problem = { error }
    }
    onChange()
  }
  return {
    whileReady(ready) {
      if (checks.length === 0 || ready === (round !== undefined)) return
      round?.abort()
      round = undefined
      results = undefined
      waits = new Map()
      if (!ready) return
      round = new AbortController()
      const own = round
      rounds = rounds.then(() => run(own))
    },
    hold() {
      if (problem !== undefined) throw problem.error
      const all = results?.every(({ state }) => state === 'holds') === true
      return all && clock.now() - endedAt >= AFTER_MS
    },
    results: () => results,
    failure: () => failureOf(results ?? []),
    timedOut(reason) {
      const [first] = waits
      if (results !== undefined || round === undefined) return undefined
      const check = checks.find(({ name }) => name === first?.[0]) ?? checks[0]
      if (check === undefined) return undefined
      return {
        object: objectOf(check.name),
        code: 'deploy/not-ready',
        reason,
        message:
          first === undefined ? 'the checks had not ended' : `it does not hold yet: ${first[1]}`,
        source: check.source,
        ...(check.at !== undefined && { at: check.at }),
        hint: 'everything else is ready: increase --timeout, or give the check less time with `within`',
      }
    },
    ended: () => rounds,
  }
}

/** The failure of a revision whose checks do not all hold. */
function failureOf(results: readonly CheckResult[]): Failure | undefined {
  const wrong = results.filter(({ state }) => state !== 'holds')
  const failed = wrong.find(({ state }) => state === 'fails') ?? wrong[0]
  if (failed === undefined) return undefined
  const also = wrong
    .filter((one) => one !== failed)
    .map(({ name, state }) => ({ object: objectOf(name), ...namesOf(state) }))
  return {
    object: objectOf(failed.name),
    ...namesOf(failed.state),
    message: failed.message ?? '',
    source: failed.source,
    ...(failed.at !== undefined && { at: failed.at }),
    hint:
      failed.hint ??
      `everything else is ready; \`landfall up --keep\` leaves the revision as it is, and \`landfall test "${failed.name}"\` repeats the check`,
    ...(also.length > 0 && { also }),
  }
}

function namesOf(state: CheckResult['state']): { code: FailureCode; reason: string } {
  return state === 'fails'
    ? { code: 'deploy/check-failed', reason: 'the check fails' }
    : { code: 'deploy/check-not-run', reason: 'result unknown' }
}

function objectOf(name: string): string {
  return `check/${name}`
}
