import { releaseLogs } from '@landfall/deploy'
import { type Command, InvalidArgumentError } from 'commander'
import { addTarget, milliseconds, type TargetOptions } from '../../cluster/options.ts'
import { colourFor } from '../../colour.ts'
import { UsageError } from '../../errors.ts'
import { programLine } from '../../escapes.ts'
import { addOutput } from '../../output/option.ts'
import { printLine } from '../../output/print-line.ts'
import { addComposeOptions, type ProjectOptions } from '../../project/options.ts'
import { EXIT, type Terminal } from '../../terminal.ts'
import { onServices } from './on-services.ts'

interface LogsOptions extends ProjectOptions, TargetOptions {
  follow?: true
  tail?: number
  since?: number
  previous?: true
}

export function define(command: Command, terminal: Terminal): void {
  addOutput(
    addTarget(
      addComposeOptions(command, '--file')
        .argument('[SERVICE...]', 'services (default: all); PROJECT may come before them')
        .usage('[options] [PROJECT] [SERVICE...]')
        .description('Prints the logs of the services, ordered by time.'),
    )
      .option('-f, --follow', 'keep printing new lines')
      .option('--tail <lines>', 'number of lines to print from the end of each log', wholeNumber)
      .option('--since <time>', 'only lines of the last 10m, 1h30m, …', milliseconds)
      .option('--previous', 'of the run before the present one, of containers that have restarted'),
    terminal,
  ).action(async (words: string[], options: LogsOptions) => {
    if (options.previous && options.follow)
      throw new UsageError('--previous and --follow exclude each other', 'remove one of them')
    terminal.exitCode = await logs(words, options, terminal)
  })
}

function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('It must be an integer.')
  return Number(text)
}

function logs(words: string[], options: LogsOptions, terminal: Terminal): Promise<number> {
  const { stdout } = terminal
  const colour = colourFor(stdout, terminal.env)
  return onServices({ words }, options, terminal, async ({ client, all, signal }, services) => {
    const lines = releaseLogs({
      client,
      ...all.reference,
      services,
      signal,
      ...(options.tail !== undefined && { tailLines: options.tail }),
      ...(options.since !== undefined && { sinceMs: options.since }),
      ...(options.previous && { previous: true }),
      ...(options.follow && { follow: true }),
      onGone: ({ service: of, pod }, reason) =>
        terminal.stderr.write(`${of}: no log of pod ${pod}: ${reason}\n`),
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
    return signal.aborted ? EXIT.interrupted : EXIT.done
  })
}
