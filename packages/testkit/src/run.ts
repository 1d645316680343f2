import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** The root of the repository, with a slash at its end. */
export const repository: string = fileURLToPath(new URL('../../../', import.meta.url))

export interface Finished {
  code: number
  stdout: string
  stderr: string
  /** Wall time in milliseconds. */
  ms: number
}

/** Runs a program to its end; a program that cannot be started rejects, an exit code other than 0 does not. */
export function run(
  program: string,
  args: readonly string[],
  options: {
    cwd?: string
    env?: Record<string, string | undefined>
    input?: string
    signal?: AbortSignal
    /** What the signal sends; SIGTERM if omitted. */
    killSignal?: NodeJS.Signals
  } = {},
): Promise<Finished> {
  const started = performance.now()
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: options.cwd ?? repository,
      env: { ...process.env, ...options.env },
      stdio: ['pipe', 'pipe', 'pipe'],
      ...(options.signal === undefined ? {} : { signal: options.signal }),
      ...(options.killSignal === undefined ? {} : { killSignal: options.killSignal }),
    })
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text
    })
    child.on('error', reject)
    child.on('close', (code, signal) =>
      resolve({
        code: code ?? (signal === null ? 1 : 128),
        stdout,
        stderr,
        ms: Math.round(performance.now() - started),
      }),
    )
    // a program may end without reading it
    child.stdin.on('error', () => {})
    child.stdin.end(options.input ?? '')
  })
}

/** Runs `./landfall` as a person does. */
export function landfall(
  args: readonly string[],
  options: Parameters<typeof run>[2] = {},
): Promise<Finished> {
  return run(`${repository}landfall`, args, options)
}
