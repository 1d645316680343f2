import { renderPlan } from '@landfall/convert'
import type { Command } from 'commander'
import { addOutput, type OutputFormat } from '../output-option.ts'
import { dangerousDrops } from '../project/dangerous-drops.ts'
import { addProject, type ProjectOptions } from '../project/options.ts'
import { printDiagnostics, printDrops, withPlace } from '../project/print-problems.ts'
import { readAndConvert } from '../project/read.ts'
import { EXIT, type Terminal } from '../terminal.ts'

interface PlanOptions extends ProjectOptions {
  output: OutputFormat
}

export function define(command: Command, terminal: Terminal): void {
  addOutput(
    addProject(command).description(
      'Shows what is decided for each service, and why. Nothing is written, and no cluster is asked.',
    ),
  ).action((place: string | undefined, options: PlanOptions) => {
    terminal.exitCode = plan(place, options, terminal)
  })
}

function plan(place: string | undefined, options: PlanOptions, terminal: Terminal): number {
  const { result, diagnostics, sources } = readAndConvert(place, options, terminal)
  const drops = result === undefined ? [] : dangerousDrops(result.ledger)
  if (options.output === 'json') {
    const tell = (value: unknown): void => terminal.stdout.write(`${JSON.stringify(value)}\n`)
    for (const diagnostic of diagnostics)
      tell({ type: 'diagnostic', ...withPlace(diagnostic, sources) })
    for (const drop of drops) tell({ type: 'drop', ...withPlace(drop, sources) })
    if (result?.bundle !== undefined) tell({ type: 'plan', plan: result.plan })
  } else {
    printDiagnostics(diagnostics, sources, terminal)
    if (result?.bundle !== undefined) terminal.stdout.write(renderPlan(result.plan))
    if (drops.length > 0) printDrops(drops, sources, terminal)
  }
  if (result?.bundle === undefined) return EXIT.failed
  return drops.length > 0 ? EXIT.dangerousDrop : EXIT.done
}
