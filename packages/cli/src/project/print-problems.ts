import type { LedgerEntry } from '@landfall/convert'
import {
  type Diagnostic,
  displayPath,
  formatSpan,
  renderDiagnostic,
  type Sources,
} from '@landfall/diagnostic'
import { colourFor } from '../colour.ts'
import { printLine } from '../output/print-line.ts'
import { diagnosticLine, dropLine } from '../output/problems.ts'
import type { Terminal } from '../terminal.ts'
import { acceptLines, dangerousDrops } from './dangerous-drops.ts'
import type { Converted } from './read.ts'

/** Prints what was found, and the dangerous drops that are not accepted; returns these drops. `uploads`: as for {@link dangerousDrops}. */
export function printProblems(
  { diagnostics, result, sources }: Converted,
  terminal: Terminal,
  options: { uploads?: boolean } = {},
): readonly LedgerEntry[] {
  const drops = result === undefined ? [] : dangerousDrops(result.ledger, options)
  printDiagnostics(diagnostics, sources, terminal)
  if (terminal.output === 'json')
    for (const drop of drops) printLine(dropLine(drop, sources), terminal)
  else if (drops.length > 0) printDrops(drops, sources, terminal)
  return drops
}

/** Prints diagnostics: on stderr for people, on stdout for programs. */
export function printDiagnostics(
  diagnostics: readonly Diagnostic[],
  sources: Sources,
  terminal: Terminal,
): void {
  const { stderr, env, output } = terminal
  const paint = colourFor(stderr, env)
  for (const diagnostic of diagnostics)
    if (output === 'json') printLine(diagnosticLine(diagnostic, sources), terminal)
    else stderr.write(`${renderDiagnostic(diagnostic, sources, paint)}\n`)
}

/** Lists drops that are not accepted, and the lines that accept them. */
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
    `\nTo continue without ${drops.length === 1 ? 'it' : 'them'}, accept in landfall.yaml:\n\n${acceptLines(drops)}\n\n`,
  )
}
