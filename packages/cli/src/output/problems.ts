import type { LedgerEntry } from '@landfall/convert'
import { type Diagnostic, positionAt, type Sources, type Span } from '@landfall/diagnostic'
import type { LedgerFile } from '../contract/ledger.ts'
import type { DiagnosticLine, DropLine, Place } from '../contract/problems.ts'
import type { Unversioned } from './print-line.ts'

/** A diagnostic for programs. */
export function diagnosticLine(
  { code, severity, message, path, at, related, hint }: Diagnostic,
  sources: Sources,
): Unversioned<DiagnosticLine> {
  return {
    type: 'diagnostic',
    code,
    severity,
    message,
    path,
    ...(at && { at: placeOf(at, sources) }),
    ...(related && {
      related: related.map(({ message, at }) => ({ message, at: placeOf(at, sources) })),
    }),
    ...(hint !== undefined && { hint }),
  }
}

/** A dangerous drop for programs. */
export function dropLine(
  { code, path, reason, at, hint }: LedgerEntry,
  sources: Sources,
): Unversioned<DropLine> {
  return {
    type: 'drop',
    code,
    path,
    reason,
    ...(at && { at: placeOf(at, sources) }),
    ...(hint !== undefined && { hint }),
    accept: path.slice(1),
  }
}

/** The ledger as the content of a file. */
export function ledgerFile(
  entries: readonly LedgerEntry[],
  sources: Sources,
): Unversioned<LedgerFile> {
  return {
    type: 'ledger',
    entries: entries.map(
      ({ code, outcome, path, reason, dangerous = false, accepted = false, at, hint, also }) => ({
        code,
        outcome,
        path,
        reason,
        dangerous,
        accepted,
        ...(at && { at: placeOf(at, sources) }),
        ...(hint !== undefined && { hint }),
        ...(also && { also: also.map((one) => ({ ...one })) }),
      }),
    ),
  }
}

/** Without line and column where the text of the file is not known. */
function placeOf(span: Span, sources: Sources): Place {
  const text = sources.get(span.file)
  return text === undefined
    ? { file: span.file }
    : { file: span.file, ...positionAt(text, span.start) }
}
