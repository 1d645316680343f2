import { parseJson } from './answer/read-json.ts'
import { requireShape } from './answer/shape.ts'
import { statusOf } from './answer/status.ts'
import { AnswerError, ConnectionError, StatusError } from './status-error.ts'

/** A WebSocket to the API server; the caller's one carries TLS and credentials. */
export interface Socket {
  /** Fulfilled when the connection can take more. */
  send(bytes: Uint8Array): Promise<void>
  /** Ends when the other side closes; throws when the connection breaks. */
  messages: AsyncIterable<Uint8Array>
  close(): void
}

/** Opens a WebSocket with a subprotocol; throws a plain Error when the server refuses it. */
export type OpenSocket = (url: string, protocol: string, signal?: AbortSignal) => Promise<Socket>

export interface ExecOptions {
  namespace?: string
  pod: string
  container: string
  command: readonly string[]
  /** What the command reads; nothing if omitted. */
  stdin?: AsyncIterable<Uint8Array>
  signal?: AbortSignal | undefined
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
const CHANNEL = { stdin: 0, stdout: 1, stderr: 2, status: 3, close: 255 } as const

/** Bytes that a command may print: those of Landfall print some lines. */
const MOST_PRINTED = 4 * 1024 * 1024

/** Bytes of one message. */
const MESSAGE = 64 * 1024

/**
 * Runs a command in a container. Throws a ConnectionError when the connection cannot be made or breaks, and a StatusError when
 * the command could not be started.
 */
export async function execOver(
  open: OpenSocket,
  server: string,
  path: string,
  { container, command, stdin, signal }: ExecOptions,
): Promise<ExecResult> {
  const query = new URLSearchParams([
    ['container', container],
    ...command.map((word): [string, string] => ['command', word]),
    ...(stdin === undefined ? [] : [['stdin', 'true'] as [string, string]]),
    ['stdout', 'true'],
    ['stderr', 'true'],
  ])
  const url = `${server.replace(/^http/, 'ws').replace(/\/+$/, '')}${path}/exec?${query}`
  const connected = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work
    } catch (error) {
      signal?.throwIfAborted()
      if (error instanceof AnswerError) throw error.from(server)
      throw error instanceof StatusError ? error : new ConnectionError(server, error)
    }
  }
  const socket = await connected(open(url, PROTOCOL, signal))
  try {
    const output = connected(read(socket))
    output.catch(() => {})
    // a command that ends early does not take the rest
    if (stdin !== undefined) await connected(Promise.race([write(socket, stdin), output]))
    return await output
  } finally {
    socket.close()
  }
}

async function write(socket: Socket, stdin: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const bytes of stdin)
    for (let at = 0; at < bytes.length; at += MESSAGE)
      await socket.send(Buffer.concat([Buffer.of(CHANNEL.stdin), bytes.subarray(at, at + MESSAGE)]))
  await socket.send(Buffer.of(CHANNEL.close, CHANNEL.stdin))
}

async function read(socket: Socket): Promise<ExecResult> {
  const printed: Record<number, Buffer[]> = { [CHANNEL.stdout]: [], [CHANNEL.stderr]: [] }
  let size = 0
  for await (const message of socket.messages) {
    const [channel = -1] = message
    const rest = Buffer.from(message.subarray(1))
    if (channel === CHANNEL.status)
      return {
        exitCode: exitCodeOf(rest.toString()),
        stdout: Buffer.concat(printed[CHANNEL.stdout] ?? []).toString(),
        stderr: Buffer.concat(printed[CHANNEL.stderr] ?? []).toString(),
      }
    size += rest.length
    if (size > MOST_PRINTED) throw new AnswerError('more output of a command than it has')
    printed[channel]?.push(rest)
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
