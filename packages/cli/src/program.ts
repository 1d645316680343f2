import { Command } from 'commander'
import { commands, groups } from './commands/index.ts'
import { addLeadingOptions, commandIn } from './project/options.ts'
import { EXIT, type Terminal } from './terminal.ts'
import { version } from './version.ts'

const EXAMPLES = `
PROJECT is a directory with a Compose file, or the path of a Compose file. If omitted, Landfall searches the current
directory and its parents, as docker compose does.

Examples:
  landfall up examples/shop --local      on a Kubernetes cluster that Landfall starts on this Linux machine
  landfall up .                          on the cluster of the current kubectl context
  landfall plan .                        show what would be deployed, and why
  landfall convert . -o manifests        then: kubectl apply -f manifests

Exit codes: 0 success · 1 failure · 2 usage error · 3 dangerous drop that is not accepted (landfall explain dangerous)`

/** The command line; of the commands only the one that is called is loaded. */
export async function programFor(argv: readonly string[], terminal: Terminal): Promise<Command> {
  const program = new Command('landfall')
    .description(
      'Converts a Docker Compose project to Kubernetes, deploys it, and reports whether it works.',
    )
    .version(`landfall ${version}`, '-V, --version', 'Print the version')
    .helpOption('-h, --help', 'Print help')
    .helpCommand('help [command]', 'Print help for a command')
    .commandsGroup('Help:')
    .addHelpText('after', EXAMPLES)
    .showSuggestionAfterError()
    .configureHelp({ helpWidth: Math.min(terminal.stdout.columns ?? 100, 110) })
    .configureOutput({
      writeOut: (text) => terminal.content.write(text),
      writeErr: (text) => terminal.stderr.write(text),
      outputError: (text, write) =>
        write(
          `landfall: ${text.replace(/^error: /, '').replace(/\n\(Did (.*)\)/, '\n  hint: did $1')}`,
        ),
    })
    .exitOverride()
  addLeadingOptions(program)
  const called = commandIn(argv)
  // completion looks at the options of the command that is typed
  const isDefined = (name: string): boolean =>
    name === called || (called === 'completion' && argv.includes(name))
  for (const { name, group, summary, load } of commands) {
    const command = program.command(name).summary(summary).helpGroup(groups[group])
    if (isDefined(name)) (await load()).define(command, terminal)
  }
  return program
}

/** The exit code of what commander throws: help and version are fine, the rest is wrong usage. */
export function exitCodeOf(error: { exitCode: number }): number {
  return error.exitCode === 0 ? EXIT.done : EXIT.usage
}
