import type { Ledger, LedgerEntry } from '@landfall/convert'
import { type Diagnostic, visibleJson } from '@landfall/diagnostic'

/** Trees that objects cannot hold, and that `landfall up` copies into their claims. */
const UPLOAD = 'volumes/upload'

/**
 * Drops after which a program can behave differently than under Compose, and that are not accepted. `uploads`: trees that are
 * too large for objects are copied, and not dropped.
 */
export function dangerousDrops(ledger: Ledger, { uploads = false } = {}): LedgerEntry[] {
  return ledger.filter(
    ({ code, outcome, dangerous, accepted }) =>
      outcome === 'dropped' &&
      dangerous === true &&
      accepted !== true &&
      !(uploads && code === UPLOAD),
  )
}

/** A drop as a diagnostic, whose message may begin with a word. */
export function diagnosticOf(
  { code, path, reason, at, hint, many }: LedgerEntry,
  severity: Diagnostic['severity'],
  word = '',
): Diagnostic {
  return {
    code,
    severity,
    message: word + reason,
    path,
    ...(at && { at }),
    ...(hint !== undefined && { hint }),
    ...(many && {
      many: { subject: many.subject, message: word + many.message, ...(hint && { hint }) },
    }),
  }
}

/** How to continue without what is dropped. */
export function acceptance(drops: readonly LedgerEntry[]): string {
  return `to continue without ${drops.length === 1 ? 'it' : 'them'}, add to landfall.yaml: ${acceptLine(drops)}`
}

/** The line of landfall.yaml that accepts the drops. */
function acceptLine(drops: readonly LedgerEntry[]): string {
  const paths = drops.map(({ path }) => path.slice(1))
  return `accept: [${paths.map((path) => (/^[\w./~-]+$/.test(path) ? path : visibleJson(path))).join(', ')}]`
}
