import { once } from 'node:events'
import type { Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import type { PodConnection } from '@landfall/kube'

/**
 * Milliseconds without a byte from the pod after which the node learns that no more is sent. containerd does not pass that on to the program: it closes
 * both directions one second later, whatever the program still has to say (`internal/cri/server/sandbox_portforward_linux.go`).
 */
const SILENCE_MS = 10_000

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
  let heardAt = 0
  const sending = send(local, remote, async () => {
    heardAt = performance.now()
    while (!local.destroyed) {
      const left = heardAt + SILENCE_MS - performance.now()
      if (left <= 0) return
      await Promise.race([pause(Math.min(left, SILENCE_MS), undefined, { ref: false }), closed])
    }
  })
  // what breaks the connection is reported by the other direction
  sending.catch(() => {})
  try {
    for await (const bytes of remote.data) {
      if (local.destroyed) return
      // while the local side takes its time, the pod is not silent
      heardAt = Number.POSITIVE_INFINITY
      if (!local.write(bytes)) await Promise.race([once(local, 'drain').catch(() => {}), closed])
      heardAt = performance.now()
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

/** Sends what the local side sends; that it has ended, once the pod has nothing more to say. */
async function send(
  local: Socket,
  remote: PodConnection,
  untilSilence: () => Promise<void>,
): Promise<void> {
  for await (const bytes of local.iterator({ destroyOnReturn: false })) await remote.send(bytes)
  await untilSilence()
  if (!local.destroyed) await remote.end()
}
