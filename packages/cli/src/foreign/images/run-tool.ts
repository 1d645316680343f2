import { spawn } from 'node:child_process'
import { accessSync, constants, createReadStream, statSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import type { LoadCommand } from './way.ts'

/** How a program ended. */
export interface ToolResult {
  /** Undefined: it could not be started, or was ended. */
  code: number | undefined
  stdout: string
  /** The end of what it printed on both streams. */
  output: string
}

/** Characters of each that are kept. */
const MOST_PRINTED = 256 * 1024

/** Runs a program of this machine to its end; never rejects. `timeout` is in milliseconds. */
export function runTool(
  { program, args, input, env = {} }: LoadCommand,
  environment: Readonly<Record<string, string>>,
  timeout: number,
): Promise<ToolResult> {
  return new Promise((resolve) => {
    let stdout = ''
    let output = ''
    const child = spawn(program, args, {
      env: { ...environment, ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
      timeout,
      killSignal: 'SIGKILL',
    })
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout = `${stdout}${text}`.slice(0, MOST_PRINTED)
      output = `${output}${text}`.slice(-MOST_PRINTED)
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      output = `${output}${text}`.slice(-MOST_PRINTED)
    })
    child.on('error', (error) => resolve({ code: undefined, stdout, output: error.message }))
    child.on('close', (code) => resolve({ code: code ?? undefined, stdout, output }))
    // a program that does not read its input closes the pipe
    child.stdin.on('error', () => {})
    if (input === undefined) child.stdin.end()
    else
      createReadStream(input)
        .on('error', () => child.stdin.end())
        .pipe(child.stdin)
  })
}

/** The absolute path of a program in PATH. */
export function findProgram(
  name: string,
  { PATH = '' }: Readonly<Record<string, string>>,
): string | undefined {
  return PATH.split(delimiter)
    .filter((directory) => directory !== '')
    .map((directory) => join(directory, name))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK)
        return statSync(file).isFile()
      } catch {
        return false
      }
    })
}
