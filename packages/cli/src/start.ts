import process from 'node:process'
import { run } from './run.ts'
import { endProcess, endWithReader, processTerminal } from './terminal.ts'

/** Runs the command line of this process, and ends the process with its exit code. */
export async function start(): Promise<void> {
  endWithReader(process)
  endProcess(process, await run(process.argv.slice(2), processTerminal(process)))
}
