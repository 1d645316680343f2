import { Command } from 'commander'
import { commands } from './commands/index.ts'
import { addLeadingOptions, commandIn } from './project/options.ts'
import { EXIT, type Terminal } from './terminal.ts'
import { version } from './version.ts'

const EXAMPLES = `
PROJECT is a folder with a Compose file, or the file itself; without it, the current directory is searched as docker compose does.

Examples:
  landfall up examples/shop --local      on a real Kubernetes that Landfall starts on this Linux machine
  landfall up .                          on the cluster that kubectl would use
  landfall plan .                        only show what would be made, and why
  landfall convert . -o manifests        then: kubectl apply -f manifests

Exit codes: 0 done · 1 failed · 2 wrong usage · 3 something dangerous was dropped and not accepted`

/** The command line; of the commands only the one that is called is loaded. */
export async function programFor(argv: readonly string[], terminal: Terminal): Promise<Command> {
  const program = new Command('landfall')
    .description('Takes a Docker Compose project and makes it really run on Kubernetes.')
    .version(`landfall ${version}`, '-V, --version', 'Print the version')
    .helpOption('-h, --help', 'Print help')
    .helpCommand('help [command]', 'Print help for a command')
    .addHelpText('after', EXAMPLES)
    .showSuggestionAfterError()
    .configureHelp({ helpWidth: Math.min(terminal.stdout.columns ?? 100, 110) })
    .configureOutput({
      writeOut: (text) => terminal.stdout.write(text),
      writeErr: (text) => terminal.stderr.write(text),
      outputError: (text, write) =>
        write(
          `landfall: ${text.replace(/^error: /, '').replace(/\n\(Did (.*)\)/, '\n  hint: did $1')}`,
        ),
    })
    .exitOverride()
  addLeadingOptions(program)
  const called = commandIn(argv)
  for (const { name, summary, load } of commands) {
    const command = program.command(name).summary(summary)
    if (name === called) (await load()).define(command, terminal)
  }
  return program
}

/** The exit code of what commander throws: help and version are fine, the rest is wrong usage. */
export function exitCodeOf(error: { exitCode: number }): number {
  return error.exitCode === 0 ? EXIT.done : EXIT.usage
}
