import { type Command, Option } from 'commander'

export type OutputFormat = 'text' | 'json'

/** `--output`: text for people, or one JSON value a line for programs. */
export function addOutput(command: Command): Command {
  return command.addOption(
    new Option('--output <format>', 'how to print; json is one value a line on stdout')
      .choices(['text', 'json'])
      .default('text'),
  )
}
