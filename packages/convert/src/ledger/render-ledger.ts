import { displayPath } from '@landfall/diagnostic'
import type { Ledger } from './ledger.ts'

const OUTCOMES = ['kept', 'adapted', 'ignored', 'dropped', 'refused'] as const

/** "120 keys kept, 14 adapted, 2 dropped" */
export function countOutcomes(ledger: Ledger): string {
  return OUTCOMES.map((outcome) => ({
    outcome,
    count: ledger.filter((entry) => entry.outcome === outcome).length,
  }))
    .filter(({ count }) => count > 0)
    .map(
      ({ outcome, count }, index) =>
        `${count}${index > 0 ? '' : count === 1 ? ' key' : ' keys'} ${outcome}`,
    )
    .join(', ')
}

/** What became of all keys as numbers, then each that is lost with its reason, as text for a terminal. */
export function renderLedger(ledger: Ledger): string {
  const lost = ledger.filter(({ outcome }) => outcome === 'dropped' || outcome === 'refused')
  const rows = lost.map((entry) => ({
    path: displayPath(entry.path),
    what: `${entry.outcome}${entry.dangerous === true ? (entry.accepted === true ? ', accepted' : ', dangerous') : ''}`,
    reason: entry.reason,
  }))
  const width = (key: 'path' | 'what') => Math.max(0, ...rows.map((row) => row[key].length))
  const lines = rows.map(
    ({ path, what, reason }) =>
      `  ${what.padEnd(width('what'))}  ${path.padEnd(width('path'))}  ${reason}`,
  )
  return `${[`keys: ${countOutcomes(ledger).replace(/ keys?/, '')}`, ...lines].join('\n')}\n`
}
