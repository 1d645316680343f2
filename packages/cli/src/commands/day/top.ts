import { readUsage, type ServiceUsage } from '@landfall/deploy'
import type { Command } from 'commander'
import { addTarget, type TargetOptions } from '../../cluster/options.ts'
import { table } from '../../display/table.ts'
import { usageLine } from '../../output/day/usage.ts'
import { addOutput } from '../../output/option.ts'
import { printLine } from '../../output/print-line.ts'
import { addComposeOptions, type ProjectOptions } from '../../project/options.ts'
import { EXIT, type Terminal } from '../../terminal.ts'
import { onServices } from './on-services.ts'

type TopOptions = ProjectOptions & TargetOptions

export function define(command: Command, terminal: Terminal): void {
  addOutput(
    addTarget(
      addComposeOptions(command)
        .argument('[SERVICE...]', 'services (default: all); PROJECT may come before them')
        .usage('[options] [PROJECT] [SERVICE...]')
        .description(
          'Shows the CPU and memory that the services use now, if the cluster serves metrics.',
        ),
    ),
    terminal,
  )
    .addHelpText(
      'after',
      '\nThe metrics come from metrics-server, or what else serves metrics.k8s.io in the cluster.',
    )
    .action(async (words: string[], options: TopOptions) => {
      terminal.exitCode = await top(words, options, terminal)
    })
}

function top(words: string[], options: TopOptions, terminal: Terminal): Promise<number> {
  return onServices({ words }, options, terminal, async ({ client, all, chosen, signal }) => {
    const usage = await readUsage(client, all, chosen, signal)
    if (terminal.output === 'json') printLine(usageLine(all.reference, usage), terminal)
    else terminal.stdout.write(`${renderUsage(usage)}\n`)
    return EXIT.done
  })
}

/** The largest memory first. */
function renderUsage(usage: readonly ServiceUsage[]): string {
  const rows = [...usage]
    .filter(({ pods }) => pods > 0)
    .sort((a, b) => b.memory - a.memory)
    .map(({ service, pods, cpu, memory, memoryLimit }) => [
      service,
      pods === 1 ? '1 pod' : `${pods} pods`,
      `${Math.round(cpu * 1000)}m CPU`,
      memoryLimit === undefined
        ? mebibytes(memory)
        : `${mebibytes(memory)} of ${mebibytes(memoryLimit)}`,
    ])
  return rows.length === 0
    ? 'No metrics yet: a pod has some about a minute after its start.'
    : table(rows)
}

function mebibytes(bytes: number): string {
  return `${Math.round(bytes / 1024 ** 2)} MiB`
}
