import type { Check, Clock, KubeClient, ObjectReference, ReleaseChecks } from '@landfall/kube'
import { withTestPod } from '../answers/test-pod.ts'
import { forEachConcurrently } from '../concurrent.ts'
import type { ReleaseReference } from '../release/release.ts'
import { actInCluster, orCannotTell } from './act.ts'
import { CannotTell, type CheckResult } from './result.ts'
import { runCheck } from './run-check.ts'

/** Checks that run at the same time. Each is independent of the others. */
const AT_ONCE = 4

/** What the test pod lives longer than its checks take at most. */
const MORE_SECONDS = 300

export interface RunChecksOptions extends ReleaseChecks {
  client: KubeClient
  reference: ReleaseReference
  /** Called when a check does not hold yet. */
  onRetry?: (name: string, message: string) => void
  onResult?: (result: CheckResult) => void
  clock: Clock
  signal: AbortSignal
}

/**
 * Runs checks inside the cluster and reports how each ended, in their order. Throws the reason of the signal when it is aborted; everything else
 * that goes wrong is a result.
 */
export async function runChecks(options: RunChecksOptions): Promise<CheckResult[]> {
  const { checks, clock, signal } = options
  const results = new Map<string, CheckResult>()
  const run = async (some: readonly Check[]): Promise<void> => {
    const beganAt = clock.now()
    try {
      await withPodFor(some, options, (pod) => runAll(some, pod, options, results))
    } catch (error) {
      signal.throwIfAborted()
      for (const { name, source, at } of some)
        if (!results.has(name))
          results.set(name, {
            name,
            state: 'unknown',
            ...whyNot(error),
            source,
            ...(at !== undefined && { at }),
            ms: Math.round(clock.now() - beganAt),
          })
    }
  }
  await run(checks)
  return checks.map(({ name }) => results.get(name) as CheckResult)
}

function whyNot(error: unknown): Pick<CheckResult, 'message' | 'hint'> {
  if (!(error instanceof Error)) return { message: String(error) }
  const hint = error instanceof CannotTell ? error.hint : undefined
  return { message: error.message, ...(hint !== undefined && { hint }) }
}

async function runAll(
  checks: readonly Check[],
  pod: ObjectReference | undefined,
  { client, reference, onRetry, onResult, clock, signal }: RunChecksOptions,
  results: Map<string, CheckResult>,
): Promise<void> {
  const act = actInCluster({ client, namespace: reference.namespace, pod, clock })
  await forEachConcurrently(checks, AT_ONCE, async (check) => {
    const result = await runCheck(check, {
      act,
      onRetry: (message) => onRetry?.(check.name, message),
      clock,
      signal,
    })
    results.set(check.name, result)
    onResult?.(result)
  })
}

/** Commands run in pods of their services, and everything else in one pod of its own. */
async function withPodFor(
  checks: readonly Check[],
  options: RunChecksOptions,
  work: (pod: ObjectReference | undefined) => Promise<void>,
): Promise<void> {
  const { reference, signal } = options
  const needsPod = checks.some(({ steps }) => steps.some(({ action }) => action.kind !== 'command'))
  if (!needsPod) return work(undefined)
  const seconds = checks.reduce((sum, { withinMs }) => sum + withinMs / 1_000, MORE_SECONDS)
  const lifetimeSeconds = Math.ceil(seconds)
  const command = ['sleep', String(lifetimeSeconds)]
  await orCannotTell(
    withTestPod({ ...options, command, lifetimeSeconds }, work),
    reference.namespace,
    signal,
  )
}
