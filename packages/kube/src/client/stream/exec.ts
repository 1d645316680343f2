import { parseJson } from '../answer/read-json.ts'
import { requireShape } from '../answer/shape.ts'
import { statusOf } from '../answer/status.ts'
import { AnswerError, ConnectionError, StatusError } from '../status-error.ts'
import { type OpenSocket, type Socket, streamUrl } from './socket.ts'

export interface ExecOptions {
  namespace?: string
  pod: string
  container: string
  command: readonly string[]
  /** What the command reads; nothing if omitted. */
  stdin?: AsyncIterable<Uint8Array>
  signal?: AbortSignal | undefined
}

/** Size of a terminal in characters. */
export interface TerminalSize {
  columns: number
  rows: number
}

export interface SessionOptions extends ExecOptions {
  /** The command runs in a terminal, whose sizes these are; everything that it prints is its standard output then. */
  terminal?: AsyncIterable<TerminalSize>
  /** The command waits until what it printed is taken. */
  onOutput: (stream: 'stdout' | 'stderr', bytes: Uint8Array) => Promise<unknown> | unknown
}

/** How a command ended, with what it printed. */
export interface ExecResult {
  exitCode: number
  stdout: string
  stderr: string
}

/** https://kubernetes.io/docs/reference/using-api/api-concepts/ : version 5 can close the standard input. */
const PROTOCOL = 'v5.channel.k8s.io'

/** First byte of each message. */
const CHANNEL = { stdin: 0, stdout: 1, stderr: 2, status: 3, resize: 4, close: 255 } as const

/** Bytes that a command may print: those of Landfall print some lines. */
const MOST_PRINTED = 4 * 1024 * 1024

/** Bytes of one message. */
const MESSAGE = 64 * 1024

/**
 * Runs a command in a container, and keeps what it prints. Throws a ConnectionError when the connection cannot be made or breaks, and a
 * StatusError when the command could not be started.
 */
export async function execOver(
  open: OpenSocket,
  server: string,
  path: string,
  options: ExecOptions,
): Promise<ExecResult> {
  const printed = { stdout: [] as Uint8Array[], stderr: [] as Uint8Array[] }
  let size = 0
  const exitCode = await sessionOver(open, server, path, {
    ...options,
    onOutput(stream, bytes) {
      size += bytes.length
      if (size > MOST_PRINTED) throw new AnswerError('more output of a command than it has')
      printed[stream].push(bytes)
    },
  })
  const textOf = (parts: Uint8Array[]): string => Buffer.concat(parts).toString()
  return { exitCode, stdout: textOf(printed.stdout), stderr: textOf(printed.stderr) }
}

/** Runs a command in a container, and gives its exit code; errors are those of {@link execOver}. */
export async function sessionOver(
  open: OpenSocket,
  server: string,
  path: string,
  { container, command, stdin, terminal, onOutput, signal }: SessionOptions,
): Promise<number> {
  const query = new URLSearchParams([
    ['container', container],
    ...command.map((word): [string, string] => ['command', word]),
    ...(stdin === undefined ? [] : [['stdin', 'true'] as [string, string]]),
    ['stdout', 'true'],
    terminal === undefined ? ['stderr', 'true'] : ['tty', 'true'],
  ])
  const connected = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work
    } catch (error) {
      signal?.throwIfAborted()
      if (error instanceof AnswerError) throw error.from(server)
      throw error instanceof StatusError ? error : new ConnectionError(server, error)
    }
  }
  const socket = await connected(open(`${streamUrl(server, path)}/exec?${query}`, PROTOCOL, signal))
  try {
    const output = connected(read(socket, onOutput))
    output.catch(() => {})
    // what breaks the connection is reported by the reader
    if (terminal !== undefined) void sendSizes(socket, terminal).catch(() => {})
    // a command that ends early does not take the rest; how it ended is read even if sending has failed
    if (stdin !== undefined) await Promise.race([write(socket, stdin).catch(() => output), output])
    return await output
  } finally {
    socket.close()
  }
}

async function sendSizes(socket: Socket, sizes: AsyncIterable<TerminalSize>): Promise<void> {
  for await (const { columns, rows } of sizes) {
    const size = Buffer.from(JSON.stringify({ Width: columns, Height: rows }))
    await socket.send(Buffer.concat([Buffer.of(CHANNEL.resize), size]))
  }
}

async function write(socket: Socket, stdin: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const bytes of stdin)
    for (let at = 0; at < bytes.length; at += MESSAGE)
      await socket.send(Buffer.concat([Buffer.of(CHANNEL.stdin), bytes.subarray(at, at + MESSAGE)]))
  await socket.send(Buffer.of(CHANNEL.close, CHANNEL.stdin))
}

async function read(socket: Socket, onOutput: SessionOptions['onOutput']): Promise<number> {
  for await (const message of socket.messages) {
    const [channel = -1] = message
    const rest = Buffer.from(message.subarray(1))
    if (channel === CHANNEL.status) return exitCodeOf(rest.toString())
    if (rest.length === 0) continue
    if (channel === CHANNEL.stdout) await onOutput('stdout', rest)
    if (channel === CHANNEL.stderr) await onOutput('stderr', rest)
  }
  throw new Error('the connection was closed before the command ended')
}

/** Throws a StatusError when the command did not run. */
function exitCodeOf(text: string): number {
  const value = parseJson(text)
  requireShape(value, { status: 'text' }, '')
  if ((value as { status?: string }).status === 'Success') return 0
  const status = statusOf(value, 500)
  const code = status.details?.causes?.find(({ reason }) => reason === 'ExitCode')?.message
  if (code === undefined) throw new StatusError(status)
  if (!/^\d{1,10}$/.test(code)) throw new AnswerError(`the exit code "${code.slice(0, 20)}"`)
  return Number(code)
}
