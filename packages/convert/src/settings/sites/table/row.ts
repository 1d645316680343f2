import type { Span } from '@landfall/diagnostic'
import type { Fact } from '../site.ts'

/** A row of a file of sites. */
export interface SiteRow {
  /** Those that are not empty. */
  values: Readonly<Record<string, Fact>>
  at: Span
  /** Where its values are, those that are empty too. */
  places: Readonly<Record<string, Span>>
}

/** What is wrong with a file of sites. */
export interface TableProblem {
  problem: string
  hint: string
  at: Span
}
