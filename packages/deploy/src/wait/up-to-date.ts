import type { Clock, KubeClient } from '@landfall/kube'
import { isAway } from '../apply/patiently.ts'
import { type ClusterView, readView, renewView } from '../view/view.ts'

/** A verdict rests on what was read at most so long before, in milliseconds. */
const FRESH_MS = 2_000

/** After so long without a word of any watch everything is read again, in milliseconds. */
const SILENCE_MS = 30_000

/** A server that does not answer within so many milliseconds is away. */
const PATIENCE_MS = 30_000

/**
 * Whether the view of a cluster is of this moment. A watch may be silent because nothing happens, or because a proxy or a load balancer on the way has
 * forgotten the connection: neither end of it learns of that.
 */
export function upToDate(options: {
  client: KubeClient
  namespace: string
  workloads: readonly string[]
  view: ClusterView
  clock: Clock
  signal: AbortSignal
}) {
  const { client, namespace, workloads, view, clock, signal } = options
  let readAt = clock.now()
  let heardAt = readAt
  const read = async (): Promise<'again' | 'away'> => {
    const done = new AbortController()
    const given = AbortSignal.any([signal, done.signal])
    try {
      const late = clock.sleep(PATIENCE_MS, given).catch(() => {})
      const fresh = await Promise.race([readView(client, namespace, workloads, given), late])
      if (fresh === undefined) return 'away'
      renewView(view, fresh)
      readAt = clock.now()
      return 'again'
    } catch (error) {
      if (!isAway(error)) throw error
      return 'away'
    } finally {
      done.abort()
      heardAt = clock.now()
    }
  }
  return {
    /** A watch has reported something. */
    heard(): void {
      heardAt = clock.now()
    },
    /** All kinds were listed just now. */
    listed(): void {
      readAt = heardAt = clock.now()
    },
    /**
     * Before something is concluded. `now`: the view was read just now; `again`: it has been read again, and has to be looked at again; `away`: the server
     * does not answer. Throws a StatusError when the server refuses.
     */
    async toConclude(): Promise<'now' | 'again' | 'away'> {
      return clock.now() - readAt <= FRESH_MS ? 'now' : await read()
    },
    /** While nothing can be concluded. True when the view was read again because the watches were silent. */
    async inSilence(): Promise<boolean> {
      return clock.now() - heardAt > SILENCE_MS && (await read()) === 'again'
    },
  }
}
