import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'

/** A local place, and why nothing can listen there. */
export interface Listening {
  address: string
  port: number
}

/** Why a local port cannot be used, in a few words. */
export class PortTakenError extends Error {
  constructor({ address, port }: Listening, code: string) {
    const why =
      code === 'EADDRINUSE'
        ? 'is taken by another program'
        : code === 'EACCES'
          ? 'is reserved for administrators'
          : `cannot be used (${code})`
    super(`port ${port} of ${address} ${why}`)
    this.name = 'PortTakenError'
  }
}

/** Listens at a local place, at any free port if it is 0. Throws a {@link PortTakenError}. */
export async function listenAt(
  place: Listening,
  onConnection: (socket: Socket) => void,
): Promise<{ port: number; server: Server }> {
  // a program that has sent everything may still wait for the answer
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => {})
    onConnection(socket)
  })
  try {
    server.listen(place.port, place.address)
    await once(server, 'listening')
  } catch (error) {
    throw new PortTakenError(place, (error as NodeJS.ErrnoException).code ?? 'unknown')
  }
  const bound = server.address()
  return { port: bound !== null && typeof bound === 'object' ? bound.port : place.port, server }
}
