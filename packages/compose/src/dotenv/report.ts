import type { Report, Span } from '@landfall/diagnostic'
import { reportProblem } from '../codes.ts'
import type { Dotenv } from './parse.ts'

interface Place {
  /** Where in the project the file is named; `''` for a `.env`. */
  readonly path: string
  readonly at: Span | undefined
}

/** Reports what is wrong in a file of variables, in its own text. */
export function reportDotenv(
  { unset, error }: Dotenv,
  file: { readonly name: string; readonly text: string },
  { path, at }: Place,
  report: Report,
): void {
  const related = [{ message: 'the file is referenced here', at }]
  const places = unset.length > 0 ? placesOfVariables(file.text) : new Map<string, number>()
  for (const name of new Set(unset)) {
    const start = places.get(name) ?? 0
    reportProblem(report, {
      code: 'compose/unset-variable',
      severity: 'warning',
      message: `the variable ${name} in ${file.name} is not set; an empty string is used`,
      path,
      at: { file: file.name, start, end: start + name.length + 1 },
      related,
      hint: 'write "$$" for a literal "$", or put the value in single quotes',
      many: {
        subject: name,
        message: `the variables <all> in ${file.name} are not set; empty strings are used`,
        hint: 'write "$$" for a literal "$", or put the values in single quotes',
      },
    })
  }
  if (error === undefined) return
  reportProblem(report, {
    code: 'compose/invalid-env-file',
    message: `${file.name} cannot be parsed: ${error.message}`,
    path,
    at: { file: file.name, start: error.start, end: error.end },
    related,
  })
}

/** Where each variable of a text is used first. */
function placesOfVariables(text: string): Map<string, number> {
  const places = new Map<string, number>()
  for (const { 1: name = '', index } of text.matchAll(/\$\{?([_a-z][_a-z0-9]*)/gi))
    if (!places.has(name)) places.set(name, index)
  return places
}
