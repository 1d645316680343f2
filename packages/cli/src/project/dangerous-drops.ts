import type { Ledger, LedgerEntry } from '@landfall/convert'

/** What would make a program behave otherwise than under Compose, and nobody has accepted. */
export function dangerousDrops(ledger: Ledger): LedgerEntry[] {
  return ledger.filter(
    ({ outcome, dangerous, accepted }) =>
      outcome === 'dropped' && dangerous === true && accepted !== true,
  )
}

/** The lines of landfall.yaml that accept the drops. */
export function acceptLines(drops: readonly LedgerEntry[]): string {
  return ['accept:', ...drops.map(({ path }) => `  - ${path.slice(1)}`)].join('\n')
}
