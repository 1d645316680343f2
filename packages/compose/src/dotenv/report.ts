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
  const related = [{ message: 'the file is named here', at }]
  for (const name of new Set(unset)) {
    const start = file.text.search(new RegExp(`\\$\\{?${name}\\b`))
    reportProblem(report, {
      code: 'compose/unset-variable',
      severity: 'warning',
      message: `the variable ${name} in ${file.name} is not set; an empty text takes its place`,
      path,
      at: { file: file.name, start: Math.max(start, 0), end: Math.max(start, 0) + name.length + 1 },
      related,
      hint: 'A "$" that means itself is written "$$", or the value in single quotes.',
    })
  }
  if (error === undefined) return
  reportProblem(report, {
    code: 'compose/invalid-env-file',
    message: `${file.name} cannot be read: ${error.message}`,
    path,
    at: { file: file.name, start: error.start, end: error.end },
    related,
  })
}
