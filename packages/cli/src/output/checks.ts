import type { CheckResult, TestReport } from '@landfall/deploy'
import type { CheckResultLine, TestedLine } from '../contract/checks.ts'
import type { ReleasePlace } from '../project/release.ts'
import { withoutCredentials } from './credentials.ts'
import type { Unversioned } from './print-line.ts'

/** The results of checks for programs. */
export function checkResults(results: readonly CheckResult[]): CheckResultLine[] {
  return results.map(({ name, state, message, step, source, at, ms, hint }) => ({
    name,
    state,
    ...(message !== undefined && { message: withoutCredentials(message) }),
    ...(step !== undefined && { step }),
    source,
    ...(at !== undefined && { line: at }),
    ms,
    ...(hint !== undefined && { hint }),
  }))
}

/** The end of `landfall test` for programs. */
export function testedLine(
  { release, namespace }: ReleasePlace,
  { revision, results }: TestReport,
): Unversioned<TestedLine> {
  return {
    type: 'tested',
    release,
    namespace,
    revision: revision.number,
    state: stateOf(results),
    checks: checkResults(results),
  }
}

/** How checks ended together. */
export function stateOf(results: readonly CheckResult[]): CheckResult['state'] {
  const states = results.map(({ state }) => state)
  if (states.includes('fails')) return 'fails'
  return states.includes('unknown') ? 'unknown' : 'holds'
}
