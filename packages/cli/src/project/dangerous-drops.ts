import type { Ledger, LedgerEntry } from '@landfall/convert'

/** Drops after which a program can behave differently than under Compose, and that are not accepted. */
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
