import { once } from 'node:events'
import { statSync } from 'node:fs'
import { printable } from './escapes.ts'
import { maskedWriter, type SecretMask, secretMask } from './output/secret-mask.ts'
import type { Writer } from './output/writer.ts'
import { type ProgramStreams, processStreams } from './program-streams.ts'

/** How a command prints: text for people, one JSON value per line, or a SARIF log. */
export type OutputFormat = 'text' | 'json' | 'sarif'

/** Everything of the process that a command sees: results go to `stdout`, progress and problems to `stderr`. */
export interface Terminal {
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  /** Without secrets, as `stderr`. */
  readonly stdout: Writer
  readonly stderr: Writer
  /** The same stream as `stdout`, for what a command is there to print as it is: manifests, the canonical project, pages. */
  readonly content: Writer
  /** What `stdout` and `stderr` do not show. */
  readonly mask: SecretMask
  /** The streams of this process, for a program elsewhere whose streams they become. */
  readonly streams: ProgramStreams
  /** Milliseconds of a clock that never goes back. */
  now(): number
  /** From the first call on, Ctrl-C aborts the signal instead of ending the process; a second one ends it. */
  interruption(): AbortSignal
  /** The site of landfall.yaml that lines for programs are about. */
  readonly site?: string
  /** What the process will exit with. */
  exitCode: number
  /** The value of `--output`; text until the command begins. */
  output: OutputFormat
}

/** 0 success, 1 failure, 2 usage error, 3 dangerous drop that is not accepted, 70 bug, 130 interrupted. */
export const EXIT = { done: 0, failed: 1, usage: 2, dangerousDrop: 3, bug: 70, interrupted: 130 }

function writerOf(stream: NodeJS.WriteStream): Writer {
  return {
    write: (text) => void stream.write(printable(text)),
    taken: async () => stream.writableNeedDrain && once(stream, 'drain'),
    get columns() {
      return stream.isTTY ? stream.columns : undefined
    },
    get rows() {
      return stream.isTTY ? stream.rows : undefined
    },
  }
}

/** Where the process is, by the name that the shell has for it: as Docker Compose, through a link and not behind it. */
function workingDirectory({ cwd, env }: NodeJS.Process): string {
  const [physical, named] = [cwd(), env.PWD]
  if (!named?.startsWith('/') || named === physical) return physical
  try {
    const [here, there] = [statSync(physical), statSync(named)]
    return here.ino === there.ino && here.dev === there.dev ? named : physical
  } catch {
    return physical
  }
}

/** The terminal of this process. */
export function processTerminal(process: NodeJS.Process): Terminal {
  let interruption: AbortSignal | undefined
  const mask = secretMask()
  const content = writerOf(process.stdout)
  return {
    cwd: workingDirectory(process),
    env: Object.fromEntries(
      Object.entries(process.env).filter(
        (entry): entry is [string, string] => entry[1] !== undefined,
      ),
    ),
    stdout: maskedWriter(content, mask),
    stderr: maskedWriter(writerOf(process.stderr), mask),
    content,
    mask,
    streams: processStreams(process),
    now: () => performance.now(),
    interruption() {
      if (interruption === undefined) {
        const controller = new AbortController()
        for (const signal of ['SIGINT', 'SIGTERM'] as const)
          process.once(signal, () => controller.abort())
        interruption = controller.signal
      }
      return interruption
    },
    exitCode: EXIT.done,
    output: 'text',
  }
}

/** Ends the process when everything is written. */
export function endProcess({ stdout, stderr, exit }: NodeJS.Process, code: number): void {
  stdout.write('', () => stderr.write('', () => exit(code)))
}

/** Ends the process when the reader of the standard output stops to read: `landfall logs | head`. */
export function endWithReader({ stdout, exit }: NodeJS.Process): void {
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    exit(0)
  })
}
