import { appendFileSync } from 'node:fs'
import { quietTerminal } from '../quiet-terminal.ts'
import { run } from '../run.ts'

/** One command line that was run, and what it took. */
export interface Run {
  title: string
  command: string
  code: number
  /** Seconds of a processor, which other programs on the machine do not change. */
  seconds: number
  /** Seconds of a clock. */
  elapsed: number
  /** The most memory that the process has had so far, beyond that of the loaded program and its compiler. */
  megabytes: number
  /** Whether something was printed that a terminal obeys. */
  raw: boolean
  /** The beginning of what was printed about problems. */
  stderr: string
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be printed
const OBEYED = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/

let loaded = 0

/** Runs command lines that are not measured: what they load is in memory from here on. */
export async function warmUp(
  directory: string,
  commands: readonly string[],
  env: Record<string, string> = {},
): Promise<void> {
  for (const command of commands) {
    const { terminal } = quietTerminal(directory)
    await run(command.split(' '), { ...terminal, env })
  }
  loaded = process.resourceUsage().maxRSS / 1024
}

/** The file that a program of this folder writes to; its last argument. */
const results = process.argv.at(-1) ?? ''

/** Runs a command line in a directory, and writes what it took as a line of JSON. */
export async function measure(
  title: string,
  directory: string,
  command: string,
  env: Record<string, string> = {},
): Promise<void> {
  const { terminal, printed } = quietTerminal(directory)
  const [cpu, began] = [process.cpuUsage(), performance.now()]
  // As Ctrl-C: `down` waits for objects that a server keeps, however long.
  const interrupt = new AbortController()
  const timer = setTimeout(() => interrupt.abort(), 15_000)
  const interruption = () => interrupt.signal
  const code = await run(command.split(' '), { ...terminal, env, interruption })
  clearTimeout(timer)
  const { user, system } = process.cpuUsage(cpu)
  const measured = {
    title,
    command,
    code,
    seconds: (user + system) / 1e6,
    elapsed: (performance.now() - began) / 1000,
    megabytes: Math.round(process.resourceUsage().maxRSS / 1024 - loaded),
    raw: OBEYED.test(printed.stdout) || OBEYED.test(printed.stderr),
    stderr: printed.stderr.slice(0, 1500),
  }
  appendFileSync(results, `${JSON.stringify(measured)}\n`)
}
