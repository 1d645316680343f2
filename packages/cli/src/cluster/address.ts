import { connect } from 'node:net'

const ANSWER_MS = 3_000

/** Asks an address the way a person would: any HTTP status is an answer, for other protocols an accepted connection. Throws when nothing answers. */
export async function probeAddress(url: string): Promise<void> {
  const { protocol, hostname, port } = new URL(url)
  if (protocol === 'http:' || protocol === 'https:') {
    const response = await fetch(url, {
      redirect: 'manual',
      signal: AbortSignal.timeout(ANSWER_MS),
    })
    await response.body?.cancel()
    return
  }
  await new Promise<void>((resolve, reject) => {
    const socket = connect({ host: hostname, port: Number(port), timeout: ANSWER_MS })
    socket.once('connect', () => {
      socket.destroy()
      resolve()
    })
    socket.once('timeout', () => socket.destroy(new Error('no answer')))
    socket.once('error', reject)
  })
}
