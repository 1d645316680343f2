import { renderLedger, renderPlan } from '@landfall/convert'
import type { Command } from 'commander'
import { addOutput } from '../output/option.ts'
import { planLine } from '../output/plan.ts'
import { printLine } from '../output/print-line.ts'
import { addConversion, addProject, addSite, type ProjectOptions } from '../project/options.ts'
import { printProblems } from '../project/print-problems.ts'
import { readAndConvert } from '../project/read.ts'
import { atSite } from '../sites/at-site.ts'
import { EXIT, type Terminal } from '../terminal.ts'

export function define(command: Command, terminal: Terminal): void {
  addOutput(
    addSite(addConversion(addProject(command))).description(
      'Shows the decisions for each service, with reasons. Writes no files and contacts no cluster.',
    ),
    terminal,
  ).action(async (place: string | undefined, options: ProjectOptions) => {
    terminal.exitCode = await plan(place, options, terminal)
  })
}

async function plan(
  place: string | undefined,
  given: ProjectOptions,
  terminalOfCommand: Terminal,
): Promise<number> {
  const at = atSite(place, given, terminalOfCommand)
  if (at === undefined) return EXIT.failed
  const { options, terminal } = at
  const converted = await readAndConvert(place, options, terminal)
  const drops = printProblems(converted, terminal)
  if (converted.result?.bundle === undefined) return EXIT.failed
  const { plan, ledger } = converted.result
  if (terminal.output === 'json') printLine(planLine(plan), terminal)
  else terminal.stdout.write(`${renderPlan(plan)}\n${renderLedger(ledger)}`)
  return drops.length > 0 ? EXIT.dangerousDrop : EXIT.done
}
