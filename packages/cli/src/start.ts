import process from 'node:process'
import { run } from './run.ts'
import { processTerminal } from './terminal.ts'

/** Runs the command line of this process, and ends the process with its exit code. */
export async function start(): Promise<void> {
  // Whoever reads our output may stop reading: `landfall logs | head`.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    process.exit(0)
  })
  const code = await run(process.argv.slice(2), processTerminal(process))
  process.stdout.write('', () => process.stderr.write('', () => process.exit(code)))
}
