import type { Report, Span } from '@landfall/diagnostic'
import { reportProblem } from '../codes.ts'

/** Takes what a step will need, in values; false: so much is not left, which is reported the first time. */
export type Budget = (amount: number, at?: Span) => boolean

/** Values of all files of a project with all that they include, extend and repeat: several thousand services have less. */
const valueLimit = 200_000

/** A budget for one project: what it refuses would take seconds, or all memory. */
export function projectBudget(report: Report): Budget {
  let left = valueLimit
  let reported = false
  return (amount, at) => {
    if (amount <= left) {
      left -= amount
      return true
    }
    if (!reported)
      reportProblem(report, {
        code: 'compose/too-large',
        message: `the project holds more than ${valueLimit} values, including those of all files that it includes or extends`,
        path: '',
        at,
        hint: 'check for a list, a range or an include that was not intended',
      })
    reported = true
    return false
  }
}
