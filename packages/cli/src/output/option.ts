import { type Command, Option } from 'commander'
import type { OutputFormat, Terminal } from '../terminal.ts'

const HELP: Readonly<Record<OutputFormat, string>> = {
  text: 'text for people',
  json: 'json: one JSON value per line, described in docs/output.md',
  sarif: 'sarif: for code scanning and editors',
}

/** `--output`; the terminal has the format when the command begins. */
export function addOutput(
  command: Command,
  terminal: Terminal,
  formats: readonly OutputFormat[] = ['text', 'json'],
): Command {
  const others = formats.filter((format) => format !== 'text').map((format) => HELP[format])
  return command
    .addOption(
      new Option('--output <format>', `output format; ${others.join('; ')}`)
        .choices(formats)
        .default('text'),
    )
    .hook('preAction', (_, called) => {
      terminal.output = called.opts<{ output: OutputFormat }>().output
    })
}
