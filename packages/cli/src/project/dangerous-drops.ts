import type { Ledger, LedgerEntry } from '@landfall/convert'

/** Drops after which a program can behave differently than under Compose, and that are not accepted. */
export function dangerousDrops(ledger: Ledger): LedgerEntry[] {
  return ledger.filter(
    ({ outcome, dangerous, accepted }) =>
      outcome === 'dropped' && dangerous === true && accepted !== true,
  )
}

/** The line of landfall.yaml that accepts the drops. */
export function acceptLine(drops: readonly LedgerEntry[]): string {
  const paths = drops.map(({ path }) => path.slice(1))
  return `accept: [${paths.map((path) => (/^[\w./~-]+$/.test(path) ? path : JSON.stringify(path))).join(', ')}]`
}
