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
import type { OutputFormat } from '../output-option.ts'
import type { Terminal } from '../terminal.ts'
import { acceptLines, dangerousDrops } from './dangerous-drops.ts'
import type { Converted } from './read.ts'

/** Tells what was found, and the drops that nobody accepted; gives those drops. */
export function tellProblems(
  { diagnostics, result, sources }: Converted,
  format: OutputFormat,
  terminal: Terminal,
): readonly LedgerEntry[] {
  const drops = result === undefined ? [] : dangerousDrops(result.ledger)
  if (format === 'json') {
    for (const diagnostic of diagnostics)
      tell({ type: 'diagnostic', ...withPlace(diagnostic, sources) }, terminal)
    for (const drop of drops) tell({ type: 'drop', ...withPlace(drop, sources) }, terminal)
  } else {
    printDiagnostics(diagnostics, sources, terminal)
    if (drops.length > 0) printDrops(drops, sources, terminal)
  }
  return drops
}

/** Prints one value for programs. */
export function tell(value: { type: string; [key: string]: unknown }, { stdout }: Terminal): void {
  stdout.write(`${JSON.stringify(value)}\n`)
}

/** Prints diagnostics for people. */
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
function printDrops(
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

/** Line and column are those of the first character; without them, the text of the file is not known. */
interface Place {
  file: string
  line?: number
  column?: number
}

/** A span as numbers for programs. */
function placeOf(span: Span, sources: Sources): Place {
  const text = sources.get(span.file)
  return text === undefined
    ? { file: span.file }
    : { file: span.file, ...positionAt(text, span.start) }
}

/** A diagnostic or ledger entry as data for programs: its spans become file, line and column. */
export function withPlace<T extends { at?: Span; related?: Diagnostic['related'] }>(
  entry: T,
  sources: Sources,
): Omit<T, 'at' | 'related'> & { at?: Place; related?: { message: string; at: Place }[] } {
  const { at, related, ...rest } = entry
  return {
    ...rest,
    ...(at && { at: placeOf(at, sources) }),
    ...(related && {
      related: related.map(({ message, at }) => ({ message, at: placeOf(at, sources) })),
    }),
  }
}
