import { accountedKeys } from './accounted.ts'
import type { LedgerLine } from './convert.ts'
import { type Finding, findingOf } from './findings.ts'
import type { Answer, Converted, Question } from './question.ts'
import { questions } from './questions/index.ts'

/** Something that a project relies on and the objects do not have. */
export interface Miss {
  title: string
  at: string
  missing: string
  /** What the ledger says of it, where it says that it is not kept. */
  ledger?: LedgerLine
  /** The diagnostic, or the drop, that names it. */
  finding?: Finding
  /** Neither is enough: what is lost is lost silently. */
  silent: boolean
}

export interface Judgement {
  /** By title: how many were asked for and how many are kept. */
  counts: Map<string, { asked: number; kept: number }>
  misses: Miss[]
}

const ACCOUNTED = 'keys of services that the ledger accounts for'

/** What is counted, in the order of the list. */
export const titles: readonly string[] = [...questions.map(({ title }) => title), ACCOUNTED]

/** Asks every question of one converted project. */
export function judge(
  converted: Converted,
  ledger: readonly LedgerLine[],
  findings: readonly Finding[] = [],
): Judgement {
  const counts: Judgement['counts'] = new Map()
  const misses: Miss[] = []
  const asked: [Pick<Question, 'title' | 'losesData'>, Answer[]][] = [
    ...questions.map((question): [Question, Answer[]] => [question, question.ask(converted)]),
    [{ title: ACCOUNTED }, accountedKeys(converted.project, ledger)],
  ]
  for (const [{ title, losesData }, answers] of asked) {
    const lost = answers.filter(({ missing }) => missing !== undefined)
    counts.set(title, { asked: answers.length, kept: answers.length - lost.length })
    for (const { at, missing = '', names } of lost) {
      const line = named(at, ledger)
      const finding = findingOf(findings, at, names)
      const accepted = line?.outcome === 'dropped' && line.accepted === true
      misses.push({
        title,
        at,
        missing,
        ...(line === undefined ? {} : { ledger: line }),
        ...(finding === undefined ? {} : { finding }),
        silent: losesData === true ? finding === undefined && !accepted : line === undefined,
      })
    }
  }
  return { counts, misses }
}

/** Whether what is missing is announced as lost: not only adapted. */
export function isDeclaredLost({ silent, ledger, finding }: Miss): boolean {
  return !silent && (finding !== undefined || /^(dropped|refused)$/.test(ledger?.outcome ?? ''))
}

/** The entry that tells that a key, what it lies in or something in it is not kept; what it says of a whole service tells nothing. */
function named(at: string, ledger: readonly LedgerLine[]): LedgerLine | undefined {
  return ledger.find(
    ({ path, outcome }) =>
      outcome !== 'kept' &&
      (path === at ||
        path.startsWith(`${at}/`) ||
        (at.startsWith(`${path}/`) && path.split('/').length > 3)),
  )
}
