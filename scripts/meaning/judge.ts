import type { LedgerLine } from './convert.ts'
import type { Answer, Converted } from './question.ts'
import { questions } from './questions/index.ts'

/** Something that a project relies on and the objects do not have. */
export interface Miss {
  title: string
  at: string
  missing: string
  /** What the ledger says of it, where it says that it is not kept. */
  ledger?: LedgerLine
}

export interface Judgement {
  /** By title: how many were asked for and how many are kept. */
  counts: Map<string, { asked: number; kept: number }>
  misses: Miss[]
}

/** Asks every question of one converted project. */
export function judge(converted: Converted, ledger: readonly LedgerLine[]): Judgement {
  const counts: Judgement['counts'] = new Map()
  const misses: Miss[] = []
  for (const { title, ask } of questions) {
    const answers = ask(converted)
    const lost = answers.filter((one): one is Required<Answer> => one.missing !== undefined)
    counts.set(title, { asked: answers.length, kept: answers.length - lost.length })
    for (const { at, missing } of lost) {
      const line = named(at, ledger)
      misses.push({ title, at, missing, ...(line === undefined ? {} : { ledger: line }) })
    }
  }
  return { counts, misses }
}

/** The entry that tells that a key, what it lies in or something in it is not kept. */
function named(at: string, ledger: readonly LedgerLine[]): LedgerLine | undefined {
  return ledger.find(
    ({ path, outcome }) =>
      outcome !== 'kept' && (path === at || path.startsWith(`${at}/`) || at.startsWith(`${path}/`)),
  )
}
