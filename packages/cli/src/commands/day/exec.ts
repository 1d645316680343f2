import { choosePod, podsOf } from '@landfall/deploy'
import type { Command } from 'commander'
import { addTarget, positiveInteger, type TargetOptions } from '../../cluster/options.ts'
import { UsageError } from '../../errors.ts'
import { addComposeOptions, type ProjectOptions } from '../../project/options.ts'
import { wordsOf } from '../../project/words.ts'
import type { Terminal } from '../../terminal.ts'
import { onServices } from './on-services.ts'

interface ExecOptions extends ProjectOptions, TargetOptions {
  index?: number
  /** Undefined unless --no-tty: the streams decide. */
  tty?: boolean
}

export function define(command: Command, terminal: Terminal): void {
  addTarget(
    addComposeOptions(command)
      .argument('<SERVICE...>', 'service, and the command with its arguments')
      .usage('[options] [PROJECT] SERVICE [--] COMMAND [ARG...]')
      .description(
        'Runs a command in a running container of a service; its exit code is that of the command.',
      ),
  )
    .option(
      '--index <number>',
      'number of the pod, if there are several (1 is the oldest)',
      positiveInteger,
    )
    .option('-T, --no-tty', 'without a terminal (default: with one if this is one)')
    .passThroughOptions()
    .addHelpText(
      'after',
      `
What follows the service is the command: \`landfall exec db psql -U shop\`. Options of Landfall after the service need \`--\`
before the command. The standard input is passed on.`,
    )
    .action(async (words: string[]) => {
      const { operands, commandLine } = splitWords(command, words)
      const options = command.opts<ExecOptions>()
      const { place, names } = wordsOf(operands, options, terminal)
      const [service, ...more] = names
      const line = [...more, ...commandLine]
      if (service === undefined || line.length === 0)
        throw new UsageError('a service and a command are required', 'landfall exec web -- sh')
      const chosen = [...(place === undefined ? [] : [place]), service]
      terminal.exitCode = await exec(chosen, line, options, terminal)
    })
}

/** The words before `--`, with the options among them taken in, and those behind it; all words if there is no `--`. */
function splitWords(
  command: Command,
  words: readonly string[],
): { operands: string[]; commandLine: string[] } {
  const at = words.indexOf('--')
  if (at < 0) return { operands: [...words], commandLine: [] }
  command.passThroughOptions(false)
  const { operands, unknown } = command.parseOptions(words.slice(0, at))
  const [option] = unknown
  if (option !== undefined) throw new UsageError(`unknown option ${option}`, 'landfall exec --help')
  return { operands, commandLine: words.slice(at + 1) }
}

function exec(
  words: string[],
  command: string[],
  { index, tty, ...options }: ExecOptions,
  terminal: Terminal,
): Promise<number> {
  const { streams } = terminal
  const isTerminal = tty !== false && streams.isTerminal
  return onServices({ words }, options, terminal, async ({ client, all, chosen, signal }) => {
    const { namespace } = all.reference
    const [member] = chosen
    if (member === undefined) throw new UsageError('a service is required')
    const { pod, container } = choosePod(
      member,
      await podsOf(client, namespace, member, signal),
      index,
    )
    const over = new AbortController()
    if (isTerminal) streams.raw(true)
    try {
      return await client.session({
        ...{ namespace, pod, container, command, signal },
        stdin: streams.input,
        ...(isTerminal && { terminal: streams.sizes(over.signal) }),
        onOutput: (stream, bytes) => streams.write(stream, bytes),
      })
    } finally {
      over.abort()
      if (isTerminal) streams.raw(false)
    }
  })
}
