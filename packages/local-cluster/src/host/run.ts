import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

export interface RunOptions {
  /** In place of the environment of this process. */
  base?: NodeJS.ProcessEnv
  /** Added to the environment. */
  env?: Record<string, string>
  cwd?: string
  /** Written to standard input, which is then closed. */
  input?: string
  /** Milliseconds after which the program is ended; it has no limit if omitted. */
  timeout?: number
  /**
   * The program and all that it starts get SIGINT when this process ends in any way. They are a process group of their own: Ctrl-C in a
   * terminal does not reach them before this process has ended.
   */
  endsWithThisProcess?: boolean
  /** Each line of standard output and standard error as it comes, without the line end. */
  onLine?: (line: string) => void
}

/** A program that did not exit with 0: the message carries the command and the end of its output. */
export class CommandFailed extends Error {
  override readonly name = 'CommandFailed'
  readonly exitCode: number | null
  readonly output: string

  constructor(command: string, exitCode: number | null, output: string) {
    const tail = output.trimEnd().split('\n').slice(-12).join('\n')
    super(`${command}: exit code ${exitCode ?? 'none'}${tail === '' ? '' : `\n${tail}`}`)
    this.exitCode = exitCode
    this.output = output
  }
}

/**
 * Becomes the command behind it. What it leaves next to it reads from a pipe of the process that started it, which the kernel closes
 * when that process ends in any way, and interrupts the process group then; what ignores that, as programs in the background of a
 * script do, is killed.
 */
const guarded = [
  'sh',
  '-c',
  `(
  while read -r line; do :; done
  kill -INT -$$
  for second in 1 2 3 4 5; do kill -0 $$ || exit; sleep 1; done
  kill -KILL -$$
) <&3 >/dev/null 2>&1 &
exec 3<&-
exec "$@"`,
  'sh',
]

/** Runs a program to its end and resolves with its standard output; throws {@link CommandFailed}. */
export function run(command: string, args: string[], options: RunOptions = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const own = options.endsWithThisProcess === true
    const [program = command, ...rest] = own ? [...guarded, command, ...args] : [command, ...args]
    const child = spawn(program, rest, {
      cwd: options.cwd,
      env: { ...(options.base ?? process.env), ...options.env },
      ...(options.timeout !== undefined && { timeout: options.timeout, killSignal: 'SIGKILL' }),
      stdio: ['pipe', 'pipe', 'pipe', own ? 'pipe' : 'ignore'],
      detached: own,
    }) as ChildProcessWithoutNullStreams
    // The other end of the pipe at which `guarded` waits.
    child.on('exit', () => child.stdio[3]?.destroy())
    let stdout = ''
    let output = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text
      output += text
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
    if (options.onLine !== undefined) {
      createInterface({ input: child.stdout }).on('line', options.onLine)
      createInterface({ input: child.stderr }).on('line', options.onLine)
    }
    const line = [command, ...args].join(' ')
    child.on('error', (error) => reject(new CommandFailed(line, null, error.message)))
    child.on('close', (code) =>
      code === 0 ? resolve(stdout) : reject(new CommandFailed(line, code, output)),
    )
    // A program that does not read its input closes the pipe; its exit code shows the rest.
    child.stdin.on('error', () => {})
    child.stdin.end(options.input ?? '')
  })
}
