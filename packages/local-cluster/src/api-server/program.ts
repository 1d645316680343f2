import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, readFileSync } from 'node:fs'
import { openContinued } from '../host/files/continued-file.ts'

/** A program that ends with this process at the latest, however this process ends. */
export interface Program {
  /** Undefined while it runs, else the end of its output. */
  ended(): string | undefined
  /** Kills it, and resolves when it is gone. */
  kill(): Promise<void>
}

/**
 * The shell waits at the end of a pipe of this process, which the kernel closes when the process ends in any way, and kills
 * the program then. When the program ends first, the shell ends with it.
 */
const SUPERVISOR = `"$@" </dev/null &
program=$!
( wait=; while read -r wait; do :; done; kill -9 $program ) <&3 2>/dev/null &
waiter=$!
exec 3<&-
wait $program
kill $waiter 2>/dev/null
`

/** Starts a program with its output in a file. */
export function startProgram(command: readonly string[], logFile: string): Program {
  const log = openContinued(logFile, 'append')
  const child: ChildProcess = spawn('sh', ['-c', SUPERVISOR, 'supervisor', ...command], {
    stdio: ['ignore', log, log, 'pipe'],
  })
  closeSync(log)
  const gone = new Promise<void>((resolve) => {
    child.on('exit', () => resolve())
    child.on('error', () => resolve())
  })
  let ended = false
  void gone.then(() => {
    ended = true
  })
  return {
    ended: () => (ended ? endOf(logFile) : undefined),
    async kill() {
      child.stdio[3]?.destroy()
      await gone
    },
  }
}

function endOf(file: string): string {
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n')
  return [`${file}:`, ...lines.slice(-8)].join('\n')
}
