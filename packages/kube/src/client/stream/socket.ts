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

/** The address of a stream of a pod, without its parameters: `wss://10.0.0.1:6443/api/v1/…/exec`. */
export function streamUrl(server: string, path: string): string {
  return `${server.replace(/^http/, 'ws').replace(/\/+$/, '')}${path}`
}
