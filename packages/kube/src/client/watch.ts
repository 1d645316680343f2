import type { Clock } from '../clock.ts'
import type { KubeObject } from '../object.ts'
import { linesOf } from './lines.ts'
import type { KubeList, Selection } from './list.ts'
import type { Send } from './request.ts'
import { StatusError } from './status-error.ts'

/** What a watch reports: everything at first and after each gap, then one change at a time; `lost` while the server does not answer. */
export type WatchStep =
  | { type: 'listed'; objects: KubeObject[] }
  | { type: 'changed'; object: KubeObject }
  | { type: 'removed'; object: KubeObject }
  | { type: 'lost'; error: Error }
  | { type: 'found' }

/** How long a server may be unreachable before a watch gives up: an upgrade of a control plane takes about a minute. */
const PATIENCE_MS = 120_000

/** A server that is back sooner was only busy. */
const LOST_MS = 3_000

/** Between two connections: a server that ends every watch at once is not flooded with requests. */
const PAUSE_MS = 200

/** Within the 5 to 10 minutes that servers allow; proxies often cut sooner. */
const WATCH_SECONDS = 290

interface WatchLine {
  type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR'
  // biome-ignore lint/suspicious/noExplicitAny: an object, or a Status with ERROR
  object: any
}

/**
 * Lists, then watches from there; watches again when the connection ends, lists again when the version is gone (410).
 * Ends when the signal is aborted; throws when the server refuses or does not answer for two minutes.
 * https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes
 */
export async function* watchCollection(
  send: Send,
  path: string,
  list: () => Promise<KubeList>,
  { labelSelector, signal }: Selection,
  clock: Clock,
): AsyncGenerator<WatchStep> {
  let version: string | undefined
  let lostAt: number | undefined
  let lost = false
  const stopped = () => signal?.aborted === true
  for (; !stopped(); await clock.sleep(PAUSE_MS)) {
    try {
      if (version === undefined) {
        const { items, resourceVersion } = await list()
        version = resourceVersion
        yield { type: 'listed', objects: items }
      }
      const query = {
        watch: true,
        allowWatchBookmarks: true,
        resourceVersion: version,
        timeoutSeconds: WATCH_SECONDS,
        labelSelector,
      }
      const response = await send({ method: 'GET', path, query, signal })
      if (lost) yield { type: 'found' }
      lost = false
      lostAt = undefined
      for await (const line of linesOf(response.body ?? noBytes())) {
        const { type, object }: WatchLine = JSON.parse(line)
        if (type === 'ERROR') throw new StatusError(object)
        version = object.metadata.resourceVersion
        if (type === 'DELETED') yield { type: 'removed', object }
        else if (type !== 'BOOKMARK') yield { type: 'changed', object }
      }
    } catch (error) {
      if (stopped()) return
      if (error instanceof StatusError && error.status.code === 410) version = undefined
      else if (error instanceof StatusError && error.status.code < 500) throw error
      lostAt ??= clock.now()
      const lostMs = clock.now() - lostAt
      if (lostMs > PATIENCE_MS) throw error
      lost = lostMs >= LOST_MS
      if (lost) yield { type: 'lost', error: error as Error }
    }
  }
}

async function* noBytes(): AsyncGenerator<Uint8Array> {}
