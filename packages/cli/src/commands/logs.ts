import { releaseLogs } from '@landfall/deploy'
import { type Command, InvalidArgumentError } from 'commander'
import { addTarget, type TargetOptions } from '../cluster/options.ts'
import { connectTo } from '../cluster/target.ts'
import { colourFor } from '../colour.ts'
import { addOutput } from '../output/option.ts'
import { printLine } from '../output/print-line.ts'
import { addProject, type ProjectOptions } from '../project/options.ts'
import { releaseOf } from '../project/release.ts'
import { EXIT, type Terminal } from '../terminal.ts'

interface LogsOptions extends ProjectOptions, TargetOptions {
  follow?: true
  tail?: number
}

export function define(command: Command, terminal: Terminal): void {
  addOutput(
    addTarget(
      addProject(command, '--file')
        .argument('[SERVICE]', 'one service; all when it is not given')
        .description('Shows what the services print, in the order of time.'),
    )
      .option('-f, --follow', 'go on with what is printed from now on')
      .option('--tail <lines>', 'only the last lines of each container', wholeNumber),
    terminal,
  ).action(async (place: string | undefined, service: string | undefined, options: LogsOptions) => {
    terminal.exitCode = await logs(place, service, options, terminal)
  })
}

function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('It must be a number.')
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
  const connection = await connectTo(options, terminal, found.namespace)
  const { stdout } = terminal
  const colour = colourFor(stdout, terminal.env)
  try {
    const lines = releaseLogs({
      client: connection.client,
      ...found,
      ...(service !== undefined && { service }),
      ...(options.tail !== undefined && { tailLines: options.tail }),
      ...(options.follow && { follow: true, signal: terminal.interruption() }),
    })
    for await (const { service: from, pod, container, line } of lines)
      if (terminal.output === 'json')
        printLine({ type: 'log', service: from, pod, container, line }, terminal)
      else stdout.write(`${colour('note', `${from} |`)} ${line}\n`)
    return EXIT.done
  } finally {
    await connection.close()
  }
}
