import type { LedgerEntry } from '@landfall/convert'
import {
  type Diagnostic,
  renderDiagnostics,
  type Sources,
  toSarif,
  visibleJson,
} from '@landfall/diagnostic'
import { colourFor } from '../colour.ts'
import { printLine } from '../output/print-line.ts'
import { diagnosticLine, dropLine } from '../output/problems.ts'
import { acceptance } from '../project/dangerous-drops.ts'
import type { Terminal } from '../terminal.ts'
import { version } from '../version.ts'

/** What a check found, in the order in which it is printed. */
export interface Findings {
  readonly diagnostics: readonly Diagnostic[]
  /** Those that are dangerous drops. */
  readonly drops: ReadonlyMap<Diagnostic, LedgerEntry>
  readonly sources: Sources
  /** Shortens absolute paths in texts for people. */
  readonly shorten: (text: string) => string
}

/** Prints what was found as the result of a command. */
export async function printFindings(findings: Findings, terminal: Terminal): Promise<void> {
  if (terminal.output === 'text') printText(findings, terminal)
  else if (terminal.output === 'json') printJson(findings, terminal)
  else await printSarif(findings, terminal)
}

function printText(
  { diagnostics, drops, sources, shorten }: Findings,
  { stdout, env }: Terminal,
): void {
  const paint = colourFor(stdout, env)
  for (const text of renderDiagnostics(diagnostics, sources, { paint, shorten }))
    stdout.write(`${text}\n`)
  if (drops.size > 0) stdout.write(`${acceptance([...drops.values()])}\n`)
  const { error, warning, note } = count(diagnostics)
  const parts = [plural(error, 'error'), plural(warning, 'warning'), plural(note, 'note')].filter(
    (part) => part !== undefined,
  )
  stdout.write(
    parts.length > 0
      ? `${parts.join(', ')}\n`
      : `${paint('good', 'No problems')} in ${[...sources.keys()].join(', ')}.\n`,
  )
}

/** The diagnostics and drops, one per line, then their numbers: they show that the check came to its end. */
function printJson({ diagnostics, drops, sources }: Findings, terminal: Terminal): void {
  for (const diagnostic of diagnostics) {
    const drop = drops.get(diagnostic)
    printLine(drop ? dropLine(drop, sources) : diagnosticLine(diagnostic, sources), terminal)
  }
  const { error, warning, note } = count(diagnostics)
  printLine(
    {
      type: 'checked',
      errors: error,
      warnings: warning - drops.size,
      notes: note,
      drops: drops.size,
    },
    terminal,
  )
}

async function printSarif(
  { diagnostics, drops, sources }: Findings,
  { content, mask }: Terminal,
): Promise<void> {
  const [{ listPages }, { listReasons }] = await Promise.all([
    import('../explain/find-page.ts'),
    import('@landfall/convert'),
  ])
  const rules = Object.fromEntries([
    ...listPages().flatMap(({ names, title }) => names.map((name) => [name, title])),
    ...listReasons().map(({ code, text }) => [code, text]),
  ])
  const advised = diagnostics.map((diagnostic) => {
    const drop = drops.get(diagnostic)
    return drop === undefined
      ? diagnostic
      : { ...diagnostic, hint: [drop.hint, acceptance([drop])].filter(Boolean).join('; ') }
  })
  const log = toSarif(advised, sources, { name: 'landfall', version }, rules)
  content.write(`${visibleJson(mask.json(log), 2)}\n`)
}

function count(diagnostics: readonly Diagnostic[]): Record<Diagnostic['severity'], number> {
  const counts = { error: 0, warning: 0, note: 0 }
  for (const { severity } of diagnostics) counts[severity]++
  return counts
}

/** undefined: there is none. */
function plural(count: number, word: string): string | undefined {
  return count === 0 ? undefined : `${count} ${word}${count === 1 ? '' : 's'}`
}
