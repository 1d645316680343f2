import { inspect } from 'node:util'
import { CommanderError } from 'commander'
import { CommandFailed, UsageError } from './errors.ts'
import { exitCodeOf, programFor } from './program.ts'
import { EXIT, type Terminal } from './terminal.ts'

/** Runs one command line to its end; whatever goes wrong ends in an exit code and a text for people. */
export async function run(argv: readonly string[], terminal: Terminal): Promise<number> {
  try {
    const program = await programFor(argv, terminal)
    if (argv.length === 0) {
      program.outputHelp()
      return EXIT.done
    }
    await program.parseAsync(argv, { from: 'user' })
    return terminal.exitCode
  } catch (error) {
    return exitCodeAfter(error, terminal)
  }
}

function exitCodeAfter(error: unknown, terminal: Terminal): number {
  if (error instanceof CommanderError) return exitCodeOf(error)
  const { stderr } = terminal
  if (error instanceof UsageError) {
    stderr.write(`landfall: ${error.message}\n`)
    if (error.hint !== undefined) stderr.write(`  hint: ${error.hint}\n`)
    return EXIT.usage
  }
  if (error instanceof Error && error.name === 'AbortError') {
    stderr.write('landfall: interrupted; running it again goes on from here\n')
    return EXIT.interrupted
  }
  if (error instanceof CommandFailed || isClusterError(error)) {
    stderr.write(`landfall: ${error.message}\n`)
    return EXIT.failed
  }
  stderr.write(`landfall: this is a bug of Landfall, please report it\n${inspect(error)}\n`)
  return EXIT.bug
}

/** What @landfall/kube throws when a cluster refuses or cannot be reached; by name, so that it is not loaded for every command. */
function isClusterError(error: unknown): error is Error {
  return error instanceof Error && ['StatusError', 'ConnectionError'].includes(error.name)
}
