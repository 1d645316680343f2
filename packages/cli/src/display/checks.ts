import type { CheckResult, Failure } from '@landfall/deploy'
import type { Colour } from '../colour.ts'
import { withoutCredentials } from '../output/credentials.ts'

/** `checks: 2 of 3 hold`, with one line for each that does not; the one that the verdict names already is left out. */
export function renderChecks(
  results: readonly CheckResult[],
  colour: Colour,
  named?: Pick<Failure, 'object'>,
): string {
  const holding = results.filter(({ state }) => state === 'holds').length
  const role = holding === results.length ? 'good' : 'error'
  const head = `${colour(role, 'checks')}: ${holding} of ${results.length} hold`
  const others = results.filter(
    ({ name, state }) => state !== 'holds' && named?.object !== `check/${name}`,
  )
  return [head, ...others.flatMap((result) => linesOf(result, colour))].join('\n')
}

function linesOf({ name, state, at, message = '', hint }: CheckResult, colour: Colour): string[] {
  const place = at === undefined ? '' : ` (${at})`
  const what = state === 'fails' ? colour('error', 'fails') : colour('warning', 'result unknown')
  return [
    `  ${name}: ${what}${place}: ${withoutCredentials(message)}`,
    ...(hint === undefined ? [] : [`    ${colour('note', 'hint')}: ${hint}`]),
  ]
}
