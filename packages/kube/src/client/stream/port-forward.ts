import { ConnectionError } from '../status-error.ts'
import { type OpenSocket, type Socket, streamUrl } from './socket.ts'
import { dataFrames, openFrame, pingFrame, readFrames } from './spdy.ts'

export interface PortForwardOptions {
  namespace?: string
  pod: string
  port: number
  signal?: AbortSignal | undefined
}

/** One connection to a port of a pod. */
export interface PodConnection {
  /** Fulfilled when the connection can take more. */
  send(bytes: Uint8Array): Promise<void>
  /** No more is sent; the pod may still send. */
  end(): Promise<void>
  /**
   * What the pod sends, read as fast as it is taken; ends when the program closes the connection. Throws a {@link PodPortError} if nothing listens,
   * and a ConnectionError if the connection to the cluster breaks.
   */
  data: AsyncIterable<Uint8Array>
  close(): void
}

/** The port of a pod could not be reached; the message is the one of the node. */
export class PodPortError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'PodPortError'
  }
}

/** SPDY in a WebSocket, since Kubernetes 1.31: https://kep.k8s.io/4006. Unlike in `v4.channel.k8s.io`, each direction can end by itself. */
const PROTOCOL = 'SPDY/3.1+portforward.k8s.io'

const STREAM = { error: 1, data: 3 } as const

/** Characters of an error. */
const LONGEST_ERROR = 4096

/** Connects to a port of a pod. Throws a ConnectionError when the connection to the cluster cannot be made. */
export async function forwardOver(
  open: OpenSocket,
  server: string,
  path: string,
  { port, signal }: PortForwardOptions,
): Promise<PodConnection> {
  const connected = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work
    } catch (error) {
      signal?.throwIfAborted()
      throw error instanceof PodPortError ? error : new ConnectionError(server, error)
    }
  }
  const socket = await connected(open(`${streamUrl(server, path)}/portforward`, PROTOCOL, signal))
  const about = { port: String(port), requestid: '0' }
  const send = (frames: readonly Uint8Array[]): Promise<void> => connected(sendAll(socket, frames))
  try {
    await send([
      openFrame(STREAM.error, { ...about, streamtype: 'error' }, { first: true }),
      ...dataFrames(STREAM.error, new Uint8Array(), true),
      openFrame(STREAM.data, { ...about, streamtype: 'data' }, { first: false }),
    ])
  } catch (error) {
    socket.close()
    throw error
  }
  const received = read(socket)
  return {
    send: (bytes) => send(dataFrames(STREAM.data, bytes)),
    end: () => send(dataFrames(STREAM.data, new Uint8Array(), true)),
    data: (async function* () {
      for (;;) {
        const next = await connected(received.next())
        if (next.done) return
        yield next.value
      }
    })(),
    close: () => socket.close(),
  }
}

async function sendAll(socket: Socket, frames: readonly Uint8Array[]): Promise<void> {
  for (const frame of frames) await socket.send(frame)
}

async function* read(socket: Socket): AsyncGenerator<Uint8Array> {
  let error = ''
  const ended = new Set<number>()
  const throwError = (): void => {
    if (error !== '') throw new PodPortError(error)
  }
  for await (const frame of readFrames(socket.messages)) {
    if (frame.type === 'ping') await socket.send(pingFrame(frame.id))
    else if (frame.type === 'data') {
      if (frame.stream === STREAM.error)
        error = (error + Buffer.from(frame.payload).toString()).slice(0, LONGEST_ERROR)
      else if (frame.payload.length > 0) yield frame.payload
      if (frame.last) ended.add(frame.stream)
      // the node may report what went wrong after the end of the data
      if (ended.has(STREAM.data) && ended.has(STREAM.error)) return throwError()
    } else if (frame.type === 'reset' || frame.type === 'away') break
  }
  throwError()
  if (ended.has(STREAM.data)) return
  throw new Error('the connection was closed before the program closed it')
}
