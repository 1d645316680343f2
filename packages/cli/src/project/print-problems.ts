import type { LedgerEntry } from '@landfall/convert'
import {
  type Diagnostic,
  displayPath,
  formatSpan,
  positionAt,
  renderDiagnostic,
  type Sources,
  type Span,
} from '@landfall/diagnostic'
import { colourFor } from '../colour.ts'
import type { Terminal } from '../terminal.ts'
import { acceptLines } from './dangerous-drops.ts'

/** Prints diagnostics for people, and the count of the errors. */
export function printDiagnostics(
  diagnostics: readonly Diagnostic[],
  sources: Sources,
  { stderr, env }: Terminal,
): void {
  const paint = colourFor(stderr, env)
  for (const diagnostic of diagnostics)
    stderr.write(`${renderDiagnostic(diagnostic, sources, paint)}\n`)
}

/** Lists drops that nobody accepted, and the lines that accept them. */
export function printDrops(
  drops: readonly LedgerEntry[],
  sources: Sources,
  { stderr, env }: Terminal,
): void {
  const paint = colourFor(stderr, env)
  for (const { path, reason, hint, at, code } of drops) {
    const place = at === undefined ? '' : `${formatSpan(at, sources)}: `
    stderr.write(
      `${paint('bold', place)}${paint('error', 'dropped')}: ${reason} ${paint('dim', `(${displayPath(path)}) [${code}]`)}\n`,
    )
    if (hint !== undefined) stderr.write(`  ${paint('note', 'hint')}: ${hint}\n`)
  }
  stderr.write(
    `\nTo go on without ${drops.length === 1 ? 'it' : 'them'}, say so in landfall.yaml:\n\n${acceptLines(drops)}\n\n`,
  )
}

/** A span as numbers for programs. */
export function placeOf(
  span: Span | undefined,
  sources: Sources,
): { file: string; line?: number; column?: number } | undefined {
  if (span === undefined) return undefined
  const text = sources.get(span.file)
  return text === undefined
    ? { file: span.file }
    : { file: span.file, ...positionAt(text, span.start) }
}

/** A diagnostic or ledger entry as data for programs: its span becomes file, line and column. */
export function withPlace<T extends { at?: Span }>(
  entry: T,
  sources: Sources,
): Omit<T, 'at'> & { at?: ReturnType<typeof placeOf> } {
  const { at, ...rest } = entry
  const place = placeOf(at, sources)
  return place === undefined ? rest : { ...rest, at: place }
}
