import type { LedgerEntry } from '@landfall/convert'
import {
  type Diagnostic,
  displayPath,
  formatSpan,
  renderDiagnostic,
  renderDiagnostics,
  type Sources,
  visibleLine,
} from '@landfall/diagnostic'
import { colourFor } from '../colour.ts'
import { printLine } from '../output/print-line.ts'
import { diagnosticLine, dropLine } from '../output/problems.ts'
import type { Terminal } from '../terminal.ts'
import { acceptLine, dangerousDrops } from './dangerous-drops.ts'
import type { Converted } from './read.ts'
import { shortPaths } from './short-paths.ts'

/** Prints what was found, and the dangerous drops that are not accepted; returns these drops. `uploads`: as for {@link dangerousDrops}. */
export function printProblems(
  { diagnostics, result, sources, loaded }: Converted,
  terminal: Terminal,
  options: { uploads?: boolean } = {},
): readonly LedgerEntry[] {
  const drops = result === undefined ? [] : dangerousDrops(result.ledger, options)
  const shorten = shortPaths(terminal.cwd, loaded.projectDirectory)
  printDiagnostics(diagnostics, sources, terminal, shorten)
  if (terminal.output === 'json')
    for (const drop of drops) printLine(dropLine(drop, sources), terminal)
  else if (drops.length > 0) printDrops(drops, sources, terminal)
  return drops
}

/** Prints diagnostics: on stderr for people, one line for all that share it; on stdout for programs, each by itself. */
export function printDiagnostics(
  diagnostics: readonly Diagnostic[],
  sources: Sources,
  terminal: Terminal,
  shorten = shortPaths(terminal.cwd),
): void {
  const { stderr, env, output } = terminal
  if (output === 'json')
    for (const diagnostic of diagnostics) printLine(diagnosticLine(diagnostic, sources), terminal)
  else
    for (const text of renderDiagnostics(diagnostics, sources, {
      paint: colourFor(stderr, env),
      shorten,
    }))
      stderr.write(`${text}\n`)
}

/** Prints each diagnostic for people, with the lines of the files, as `config` does. */
export function printEachDiagnostic(
  diagnostics: readonly Diagnostic[],
  sources: Sources,
  { stderr, env }: Terminal,
): void {
  const paint = colourFor(stderr, env)
  for (const diagnostic of diagnostics)
    stderr.write(`${renderDiagnostic(diagnostic, sources, paint)}\n`)
}

/** Lists drops that are not accepted, and the lines that accept them. */
function printDrops(
  drops: readonly LedgerEntry[],
  sources: Sources,
  { stderr, env }: Terminal,
): void {
  const paint = colourFor(stderr, env)
  for (const [index, { path, reason, hint, at, code }] of drops.entries()) {
    const place = at === undefined ? '' : `${visibleLine(formatSpan(at, sources))}: `
    stderr.write(
      `${paint('bold', place)}${paint('error', 'dropped')}: ${visibleLine(reason)} ${paint('dim', `(${visibleLine(displayPath(path))}) [${code}]`)}\n`,
    )
    if (hint !== undefined && hint !== drops[index + 1]?.hint)
      stderr.write(`  ${paint('note', 'hint')}: ${visibleLine(hint)}\n`)
  }
  stderr.write(
    `To continue without ${drops.length === 1 ? 'it' : 'them'}, add to landfall.yaml:\n${acceptLine(drops)}\n`,
  )
}
