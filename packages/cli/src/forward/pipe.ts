import { once } from 'node:events'
import type { Socket } from 'node:net'
import type { PodConnection } from '@landfall/kube'

/**
 * Connects a local connection with one to a pod until both sides have ended. Each side ends by itself, and neither is read faster than the other one
 * takes it. Throws what broke the connection to the pod; the local one is reset then, so that its program does not take a part for the whole.
 */
export async function pipe(local: Socket, remote: PodConnection): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    local.once('close', () => {
      remote.close()
      resolve()
    })
  })
  const sending = send(local, remote)
  // what breaks the connection is reported by the other direction
  sending.catch(() => {})
  try {
    for await (const bytes of remote.data) {
      if (local.destroyed) return
      if (!local.write(bytes)) await Promise.race([once(local, 'drain').catch(() => {}), closed])
    }
    // the program has closed the connection: nothing that is sent would be read
    local.destroySoon()
    await closed
  } catch (error) {
    if (local.destroyed) return
    local.resetAndDestroy()
    throw error
  } finally {
    remote.close()
  }
}

async function send(local: Socket, remote: PodConnection): Promise<void> {
  for await (const bytes of local.iterator({ destroyOnReturn: false })) await remote.send(bytes)
  await remote.end()
}
