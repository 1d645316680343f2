import { type ReleaseEvent, readEvents, watchEvents } from '@landfall/deploy'
import type { Command } from 'commander'
import { addTarget, milliseconds, type TargetOptions } from '../../cluster/options.ts'
import { type Colour, colourFor } from '../../colour.ts'
import { table } from '../../display/table.ts'
import { oneLine } from '../../display/words.ts'
import { eventLine } from '../../output/day/events.ts'
import { addOutput } from '../../output/option.ts'
import { printLine } from '../../output/print-line.ts'
import { addComposeOptions, type ProjectOptions } from '../../project/options.ts'
import { EXIT, type Terminal } from '../../terminal.ts'
import { onServices } from './on-services.ts'

interface EventsOptions extends ProjectOptions, TargetOptions {
  follow?: true
  since?: number
}

export function define(command: Command, terminal: Terminal): void {
  addOutput(
    addTarget(
      addComposeOptions(command, '--file')
        .argument('[SERVICE...]', 'services (default: all); PROJECT may come before them')
        .usage('[options] [PROJECT] [SERVICE...]')
        .description(
          'Shows what the cluster reports about the objects of the services, the newest last; repeated events are one line.',
        ),
    )
      .option('-f, --follow', 'keep printing new events')
      .option('--watch', 'the same as --follow')
      .option('--since <time>', 'only events of the last 10m, 1h30m, …', milliseconds),
    terminal,
  ).action(async (words: string[], options: EventsOptions & { watch?: true }) => {
    const follow = options.follow ?? options.watch
    terminal.exitCode = await events(words, { ...options, ...(follow && { follow }) }, terminal)
  })
}

function events(words: string[], options: EventsOptions, terminal: Terminal): Promise<number> {
  const { stdout, env } = terminal
  const colour = colourFor(stdout, env)
  return onServices(
    { words },
    options,
    terminal,
    async ({ client, all, chosen, isNamed, signal }) => {
      const about = isNamed ? chosen : undefined
      const now = client.serverTime() ?? Date.now()
      const since = options.since === undefined ? {} : { since: now - options.since }
      if (options.follow) {
        for await (const event of watchEvents(client, all, about, { ...since, signal })) {
          if (terminal.output === 'json') printLine(eventLine(event), terminal)
          else stdout.write(`${table([rowOf(event, colour)])}\n`)
          await stdout.taken?.()
        }
        return signal.aborted ? EXIT.interrupted : EXIT.done
      }
      const found = await readEvents(client, all, about, { ...since, signal })
      if (terminal.output === 'json')
        for (const event of found) printLine(eventLine(event), terminal)
      else if (found.length === 0)
        stdout.write(
          'No events; clusters keep them for an hour unless they are configured otherwise.\n',
        )
      else stdout.write(`${table(found.map((event) => rowOf(event, colour)))}\n`)
      return EXIT.done
    },
  )
}

function rowOf(
  { service, object, type, reason, message, count, last }: ReleaseEvent,
  colour: Colour,
) {
  const words = `${oneLine(reason)}: ${oneLine(message)}`
  return [
    last.slice(0, 19).replace('T', ' '),
    oneLine(service ?? object),
    count === 1 ? '' : `${count}×`,
    type === 'Warning' ? colour('warning', words) : words,
  ]
}
