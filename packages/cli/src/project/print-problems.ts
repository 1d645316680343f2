import type { LedgerEntry } from '@landfall/convert'
import {
  type Diagnostic,
  renderDiagnostic,
  renderDiagnostics,
  type Sources,
  visibleLine,
} from '@landfall/diagnostic'
import { colourFor } from '../colour.ts'
import { printLine } from '../output/print-line.ts'
import { diagnosticLine, dropLine } from '../output/problems.ts'
import type { Terminal } from '../terminal.ts'
import { acceptance, dangerousDrops, diagnosticOf } from './dangerous-drops.ts'
import type { Converted } from './read.ts'
import { shortPaths } from './short-paths.ts'

/** What changes nothing, and is a line of `landfall check` alone. */
const ONLY_CHECKED = new Set(['compose/obsolete-version'])

/** Prints what was found, and the dangerous drops that are not accepted; returns these drops. `uploads`: as for {@link dangerousDrops}. */
export function printProblems(
  { diagnostics, result, sources, loaded }: Converted,
  terminal: Terminal,
  options: { uploads?: boolean } = {},
): readonly LedgerEntry[] {
  const drops = result === undefined ? [] : dangerousDrops(result.ledger, options)
  const shorten = shortPaths(terminal.cwd, loaded.projectDirectory)
  const shown =
    terminal.output === 'json'
      ? diagnostics
      : diagnostics.filter(({ code }) => !ONLY_CHECKED.has(code))
  printDiagnostics(shown, sources, terminal, shorten)
  if (terminal.output === 'json')
    for (const drop of drops) printLine(dropLine(drop, sources), terminal)
  else if (drops.length > 0) printDrops(drops, sources, terminal, shorten)
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

/** Lists drops that are not accepted, one line for all services that share a cause, and the line that accepts them. */
function printDrops(
  drops: readonly LedgerEntry[],
  sources: Sources,
  { stderr, env }: Terminal,
  shorten: (text: string) => string,
): void {
  const found = drops.map((drop) => diagnosticOf(drop, 'error'))
  const paint = colourFor(stderr, env)
  for (const text of renderDiagnostics(found, sources, { paint, shorten, label: 'dropped' }))
    stderr.write(`${text}\n`)
  stderr.write(`${visibleLine(acceptance(drops))}\n`)
}
