import { releaseLogs } from '@landfall/deploy'
import { type Command, InvalidArgumentError } from 'commander'
import { addTarget, type TargetOptions } from '../../cluster/options.ts'
import { withCluster } from '../../cluster/with-cluster.ts'
import { colourFor } from '../../colour.ts'
import { programLine } from '../../escapes.ts'
import { addOutput } from '../../output/option.ts'
import { printLine } from '../../output/print-line.ts'
import { addProject, type ProjectOptions } from '../../project/options.ts'
import { releaseOf } from '../../project/release.ts'
import { EXIT, type Terminal } from '../../terminal.ts'

interface LogsOptions extends ProjectOptions, TargetOptions {
  follow?: true
  tail?: number
}

export function define(command: Command, terminal: Terminal): void {
  addOutput(
    addTarget(
      addProject(command, '--file')
        .argument('[SERVICE]', 'print the logs of this service only')
        .description('Prints the logs of the services, ordered by time.'),
    )
      .option('-f, --follow', 'keep printing new lines')
      .option('--tail <lines>', 'number of lines to print from the end of each log', wholeNumber),
    terminal,
  ).action(async (place: string | undefined, service: string | undefined, options: LogsOptions) => {
    terminal.exitCode = await logs(place, service, options, terminal)
  })
}

function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('It must be an integer.')
  return Number(text)
}

async function logs(
  place: string | undefined,
  service: string | undefined,
  options: LogsOptions,
  terminal: Terminal,
): Promise<number> {
  const found = await releaseOf(place, options, terminal)
  if (found === undefined) return EXIT.failed
  const { stdout } = terminal
  const colour = colourFor(stdout, terminal.env)
  return withCluster(options, terminal, found.namespace, async ({ client }) => {
    const lines = releaseLogs({
      client,
      ...found,
      ...(service !== undefined && { service }),
      ...(options.tail !== undefined && { tailLines: options.tail }),
      ...(options.follow && { follow: true, signal: terminal.interruption() }),
    })
    for await (const { service: from, pod, container, line } of lines) {
      if (terminal.output === 'json')
        printLine({ type: 'log', service: from, pod, container, line }, terminal)
      else
        stdout.write(
          `${colour('note', `${from} |`)} ${programLine(line, colour.wanted === true)}\n`,
        )
      await stdout.taken?.()
    }
    return EXIT.done
  })
}
