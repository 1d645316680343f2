import {
  type Diagnostic,
  type Many,
  type Origins,
  ownValue,
  type Severity,
  type Span,
  spanOf,
  toPointer,
} from '@landfall/diagnostic'
import type { ConvertCode } from '../../codes.ts'
import type { Site } from './site.ts'

export type Path = readonly (string | number)[]

/** Reports what is wrong at a path of landfall.yaml, and what to do. `at` is a place in another file, such as that of `from`. */
export type Report = (
  code: ConvertCode,
  path: Path,
  message: string,
  hint: string,
  more?: { severity?: Severity; at?: Span | undefined; many?: Many },
) => void

/** Reports into a list, with the places in landfall.yaml. What is wrong with many sites for one reason is reported once. */
export function reportInto(diagnostics: Diagnostic<ConvertCode>[], origins: Origins): Report {
  return (code, path, message, hint, { severity = 'error', at: elsewhere, many } = {}) => {
    const pointer = toPointer(path)
    const at = elsewhere ?? spanOf(origins, pointer)
    const isSame = (one: Diagnostic): boolean =>
      one.message === message && one.at?.start === at?.start && one.at?.file === at?.file
    if (diagnostics.some(isSame)) return
    const more = { ...(at !== undefined && { at }), ...(many !== undefined && { many }) }
    diagnostics.push({ code, severity, message, path: pointer, hint, ...more })
  }
}

/** Reports a value that a site does not have: in its row where that has a column for it. Sites that lack the same one are one line. */
export function reportUnknownFact(
  report: Report,
  { name, facts, places }: Pick<Site, 'name' | 'facts' | 'places'>,
  fact: string,
  path: Path,
): void {
  const at = ownValue(places, fact)
  report(
    'convert/site-values',
    path,
    `the site ${name} has no value "${fact}"`,
    at === undefined
      ? `its values: ${Object.keys(facts).join(', ')}`
      : `the column ${fact} is empty in its row`,
    {
      at,
      many: { subject: name, message: `the sites <all> have no value "${fact}"` },
    },
  )
}
