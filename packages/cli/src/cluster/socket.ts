import type { Socket } from '@landfall/kube'
import { type Dispatcher, WebSocket } from 'undici'

/** Bytes that may wait to be sent; a WebSocket takes any number and keeps them in memory. */
const MOST_WAITING = 4 * 1024 * 1024

const PAUSE_MS = 5

interface SocketOptions {
  url: string
  protocol: string
  headers: Record<string, string>
  dispatcher: Dispatcher
  signal?: AbortSignal | undefined
}

/** Opens a WebSocket; throws an Error when the server cannot be reached or refuses it. */
export async function openSocket(options: SocketOptions): Promise<Socket> {
  const { url, protocol, headers, dispatcher, signal } = options
  const socket = new WebSocket(url, { protocols: protocol, headers, dispatcher })
  socket.binaryType = 'arraybuffer'
  const received: Uint8Array[] = []
  let ended = false
  let broken: Error | undefined
  let wake = (): void => {}
  const end = (error?: Error): void => {
    ended = true
    broken ??= error
    wake()
  }
  const abort = (): void => {
    end(signal?.reason)
    socket.close()
  }
  signal?.addEventListener('abort', abort, { once: true })
  const opened = new Promise<void>((resolve, reject) => {
    socket.onopen = () => resolve()
    socket.onerror = ({ error, message }) => {
      end(error ?? new Error(message || 'the connection broke'))
      reject(broken)
    }
    socket.onclose = ({ code, reason }) => {
      signal?.removeEventListener('abort', abort)
      end(code === 1000 ? undefined : new Error(reason || `the connection was closed (${code})`))
      reject(broken ?? new Error('the connection was closed'))
    }
  })
  socket.onmessage = ({ data }) => {
    received.push(typeof data === 'string' ? Buffer.from(data) : new Uint8Array(data))
    wake()
  }
  await opened
  return {
    async send(bytes) {
      while (socket.bufferedAmount > MOST_WAITING && !ended)
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
      if (broken !== undefined) throw broken
      socket.send(bytes)
    },
    messages: (async function* () {
      for (;;) {
        const next = received.shift()
        if (next !== undefined) yield next
        else if (broken !== undefined) throw broken
        else if (ended) return
        else
          await new Promise<void>((resolve) => {
            wake = resolve
          })
      }
    })(),
    close: () => socket.close(),
  }
}
