import { renderPlan } from '@landfall/convert'
import type { Command } from 'commander'
import { addOutput, type OutputFormat } from '../output-option.ts'
import { addEnvironment, addProject, type ProjectOptions } from '../project/options.ts'
import { tell, tellProblems } from '../project/print-problems.ts'
import { readAndConvert } from '../project/read.ts'
import { EXIT, type Terminal } from '../terminal.ts'

interface PlanOptions extends ProjectOptions {
  output: OutputFormat
}

export function define(command: Command, terminal: Terminal): void {
  addOutput(
    addEnvironment(addProject(command)).description(
      'Shows what is decided for each service, and why. Nothing is written, and no cluster is asked.',
    ),
  ).action((place: string | undefined, options: PlanOptions) => {
    terminal.exitCode = plan(place, options, terminal)
  })
}

function plan(
  place: string | undefined,
  { output, ...options }: PlanOptions,
  terminal: Terminal,
): number {
  const converted = readAndConvert(place, options, terminal)
  const drops = tellProblems(converted, output, terminal)
  if (converted.result?.bundle === undefined) return EXIT.failed
  const { plan } = converted.result
  if (output === 'json') tell({ type: 'plan', plan }, terminal)
  else terminal.stdout.write(renderPlan(plan))
  return drops.length > 0 ? EXIT.dangerousDrop : EXIT.done
}
