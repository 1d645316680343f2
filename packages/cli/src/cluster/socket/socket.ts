import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import type { Duplex } from 'node:stream'
import type { Socket } from '@landfall/kube'
import { type Dispatcher, upgrade as request } from 'undici'
import { clientFrame, OPCODE, serverFrames } from './frames.ts'

/** Milliseconds between two signs of life: load balancers end connections that are quiet for a minute. */
const PING_MS = 25_000

/** Milliseconds in which the server may confirm the end. */
const CLOSE_MS = 2_000

/** https://datatracker.ietf.org/doc/html/rfc6455#section-1.3 */
const ACCEPT = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'

interface SocketOptions {
  url: string
  protocol: string
  headers: Record<string, string>
  dispatcher: Dispatcher
  signal?: AbortSignal | undefined
}

/**
 * Opens a WebSocket; throws an Error when the server cannot be reached or refuses it. Neither direction is read faster than it is taken: that, and
 * the slash in the name of a subprotocol of Kubernetes (`SPDY/3.1+portforward.k8s.io`), is more than the WebSocket of Node.js offers.
 */
export async function openSocket(options: SocketOptions): Promise<Socket> {
  const { protocol, signal } = options
  const socket = await upgrade(options)
  let broken: Error | undefined
  let closing = false
  socket.on('error', (error: Error) => {
    broken ??= error
  })
  const abort = (): void => {
    const { reason } = signal ?? {}
    broken ??= reason instanceof Error ? reason : new Error('interrupted')
    socket.destroy()
  }
  signal?.addEventListener('abort', abort, { once: true })
  if (signal?.aborted) abort()
  const ping = setInterval(() => socket.write(clientFrame(OPCODE.ping, Buffer.alloc(0))), PING_MS)
  ping.unref()
  socket.once('close', () => {
    clearInterval(ping)
    signal?.removeEventListener('abort', abort)
  })
  return {
    async send(bytes) {
      if (broken !== undefined) throw broken
      if (socket.destroyed || closing) throw new Error('the connection was closed')
      if (socket.write(clientFrame(OPCODE.binary, bytes))) return
      const over = new AbortController()
      const { signal } = over
      await Promise.race([once(socket, 'drain', { signal }), once(socket, 'close', { signal })])
        .finally(() => over.abort())
        .catch(() => {})
      if (broken !== undefined) throw broken
    },
    messages: messagesOf(socket, protocol, () => broken),
    close() {
      if (closing) return
      closing = true
      socket.end(clientFrame(OPCODE.close, Buffer.of(0x03, 0xe8)))
      socket.resume()
      setTimeout(() => socket.destroy(), CLOSE_MS).unref()
    },
  }
}

async function upgrade(options: SocketOptions): Promise<Duplex> {
  const { url, protocol, headers, dispatcher, signal } = options
  const key = randomBytes(16).toString('base64')
  const answer = await request(url.replace(/^ws/, 'http'), {
    dispatcher,
    method: 'GET',
    protocol: 'websocket',
    headers: {
      ...headers,
      'sec-websocket-key': key,
      'sec-websocket-version': '13',
      'sec-websocket-protocol': protocol,
    },
    ...(signal && { signal }),
  })
  const accepted = createHash('sha1')
    .update(key + ACCEPT)
    .digest('base64')
  const { headers: given, socket } = answer
  if (given['sec-websocket-accept'] === accepted && given['sec-websocket-protocol'] === protocol)
    return socket
  socket.destroy()
  throw new Error(`the server does not accept ${protocol}`)
}

/** Bytes that are kept for the reader before no more are read from the connection. */
const MOST_KEPT = 1024 * 1024

/** What arrives, all of it also when the connection has broken since: the end of a command is often the last thing before. */
async function* chunksOf(socket: Duplex): AsyncGenerator<Uint8Array> {
  const kept: Uint8Array[] = []
  let size = 0
  let isOver = false
  let wake = (): void => {}
  socket.on('data', (chunk: Uint8Array) => {
    kept.push(chunk)
    size += chunk.length
    if (size > MOST_KEPT) socket.pause()
    wake()
  })
  for (const event of ['end', 'close'])
    socket.once(event, () => {
      isOver = true
      wake()
    })
  if (socket.destroyed) isOver = true
  for (;;) {
    const next = kept.shift()
    if (next !== undefined) {
      size -= next.length
      if (size <= MOST_KEPT && socket.isPaused()) socket.resume()
      yield next
    } else if (isOver) return
    else
      await new Promise<void>((resolve) => {
        wake = resolve
      })
  }
}

/** The messages of the server; ends with it, and throws when the connection breaks. */
async function* messagesOf(
  socket: Duplex,
  protocol: string,
  broken: () => Error | undefined,
): AsyncGenerator<Uint8Array> {
  const parts: Buffer[] = []
  try {
    for await (const { opcode, final, payload } of serverFrames(chunksOf(socket))) {
      if (opcode === OPCODE.ping) socket.write(clientFrame(OPCODE.pong, payload))
      else if (opcode === OPCODE.close) return requireNormal(payload)
      else if (opcode <= OPCODE.binary) {
        parts.push(payload)
        if (final) yield parts.length === 1 ? payload : Buffer.concat(parts)
        if (final) parts.length = 0
      }
    }
  } catch (error) {
    throw broken() ?? error
  }
  throw broken() ?? new Error(`the connection (${protocol}) broke`)
}

/** https://datatracker.ietf.org/doc/html/rfc6455#section-7.4 */
function requireNormal(payload: Buffer): void {
  const code = payload.length < 2 ? 1000 : payload.readUInt16BE(0)
  if (code === 1000) return
  const reason = payload.subarray(2).toString()
  throw new Error(reason || `the connection was closed (${code})`)
}
