import { type KubeClient, machineClock } from '@landfall/kube'
import { patientClient } from '../apply/patiently.ts'
import type { ReleaseReference } from '../release/release.ts'
import { NoRevisionError, type Revision, readRevisions } from '../release/revisions.ts'
import type { CheckResult } from './result.ts'
import { type RunChecksOptions, runChecks } from './run-checks.ts'

export interface TestOptions extends Pick<RunChecksOptions, 'onRetry' | 'onResult'> {
  client: KubeClient
  release: string
  namespace: string
  /** Names of checks; all if omitted. */
  names?: readonly string[]
  signal?: AbortSignal
}

/** How the checks of a release ended. */
export interface TestReport {
  /** The present revision, whose checks they are. */
  revision: Pick<Revision, 'number' | 'state'>
  results: CheckResult[]
}

/** There is nothing to run: no revision, no checks in it, or none of a name. */
export class NoCheckError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'NoCheckError'
  }
}

/**
 * Runs the checks that the present revision of a release keeps in the cluster, on any machine. Changes nothing but what the checks do. Throws a
 * NoRevisionError and a NoCheckError before anything is run, and as a KubeClient.
 */
export async function testRelease(options: TestOptions): Promise<TestReport> {
  const { release, namespace, names = [] } = options
  const signal = options.signal ?? new AbortController().signal
  const clock = machineClock
  const client = patientClient(options.client, clock, signal)
  const reference: ReleaseReference = { release, namespace }
  const present = (await readRevisions(client, reference, signal)).at(-1)
  if (present === undefined)
    throw new NoRevisionError(`no revision of ${release} is kept in namespace ${namespace}`)
  const { number, state } = present
  const found = await present.checks()
  if (found === undefined || found.checks.length === 0)
    throw new NoCheckError(`revision ${number} of ${release} has no checks`)
  const known = found.checks.map(({ name }) => name)
  const unknown = names.filter((name) => !known.includes(name))
  if (unknown.length > 0)
    throw new NoCheckError(
      `revision ${number} has no check ${unknown.join(', ')}; it has ${known.join(', ')}`,
    )
  const checks = found.checks.filter(({ name }) => names.length === 0 || names.includes(name))
  const results = await runChecks({
    ...options,
    image: found.image,
    checks,
    reference,
    client,
    clock,
    signal,
  })
  return { revision: { number, state }, results }
}
