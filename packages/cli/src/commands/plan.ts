import { renderLedger, renderPlan } from '@landfall/convert'
import type { Command } from 'commander'
import { addOutput, type OutputFormat } from '../output-option.ts'
import { addConversion, addProject, type ProjectOptions } from '../project/options.ts'
import { tell, tellProblems } from '../project/print-problems.ts'
import { readAndConvert } from '../project/read.ts'
import { EXIT, type Terminal } from '../terminal.ts'

interface PlanOptions extends ProjectOptions {
  output: OutputFormat
}

export function define(command: Command, terminal: Terminal): void {
  addOutput(
    addConversion(addProject(command)).description(
      'Shows what is decided for each service, and why. Nothing is written, and no cluster is asked.',
    ),
  ).action(async (place: string | undefined, options: PlanOptions) => {
    terminal.exitCode = await plan(place, options, terminal)
  })
}

async function plan(
  place: string | undefined,
  { output, ...options }: PlanOptions,
  terminal: Terminal,
): Promise<number> {
  const converted = await readAndConvert(place, options, terminal)
  const drops = tellProblems(converted, output, terminal)
  if (converted.result?.bundle === undefined) return EXIT.failed
  const { plan, ledger } = converted.result
  if (output === 'json') tell({ type: 'plan', plan }, terminal)
  else terminal.stdout.write(`${renderPlan(plan)}\n${renderLedger(ledger)}`)
  return drops.length > 0 ? EXIT.dangerousDrop : EXIT.done
}
