import { CommanderError } from 'commander'
import { exitCodeOf, programFor } from './program.ts'
import { exitCodeAfter } from './report-error.ts'
import { EXIT, type Terminal } from './terminal.ts'

/** Runs one command line to its end; whatever goes wrong ends in an exit code, a text for people and, with `--output json`, a line for programs. */
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
    return error instanceof CommanderError ? exitCodeOf(error) : exitCodeAfter(error, terminal)
  }
}
