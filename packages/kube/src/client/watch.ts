import type { Clock } from '../clock.ts'
import type { KubeObject } from '../object.ts'
import type { KindReference } from '../reference.ts'
import { parseObject } from './answer/objects.ts'
import { LARGEST_ANSWER, parseJson } from './answer/read-json.ts'
import { required, requireShape } from './answer/shape.ts'
import { statusOf } from './answer/status.ts'
import { linesOf } from './lines.ts'
import type { KubeList, Selection } from './list.ts'
import type { Api } from './request.ts'
import { AnswerError, StatusError } from './status-error.ts'

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

/**
 * A watch continues in a new connection so often. One that a load balancer has forgotten, or whose server has lost its power, is silent, as one is of which
 * nothing changes: it is noticed when it should have ended.
 */
const WATCH_SECONDS = 60

/** A server that does not end a watch itself may be gone: what was read last is then not the state of the cluster. */
const LONGEST_WATCH_MS = (WATCH_SECONDS + 15) * 1000

const LINES = { longest: LARGEST_ANSWER, beyond: 'refuse', unfinished: false } as const

/** What a line of a watch reports; undefined for a version without a change. */
type Change = { version: string; step: WatchStep | undefined }

/**
 * Lists, then watches from there; watches again when the connection ends, lists again when the version is gone (410).
 * Ends when the signal is aborted; throws when the server refuses, answers something else, or does not answer for two minutes.
 * https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes
 */
export async function* watchCollection(
  api: Api,
  kind: KindReference,
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
    let openedAt = Number.POSITIVE_INFINITY
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
      const end = AbortSignal.timeout(LONGEST_WATCH_MS)
      const both = signal === undefined ? end : AbortSignal.any([signal, end])
      const { body } = await api.open({ method: 'GET', path, query, signal: both })
      // nothing may change for long: it is not the first line that shows that the server is back
      openedAt = clock.now()
      if (lost) yield { type: 'found' }
      lost = false
      for await (const line of linesOf(api.explained(body, signal), LINES)) {
        const change = api.parsed(() => parseChange(line, kind))
        lostAt = undefined
        version = change.version
        if (change.step !== undefined) yield change.step
      }
      lostAt = undefined
    } catch (error) {
      if (stopped()) return
      if (error instanceof AnswerError) throw error
      if (error instanceof StatusError && error.status.code === 410) version = undefined
      else if (error instanceof StatusError && error.status.code < 500) throw error
      // a server that only accepts connections is not back
      if (clock.now() - openedAt > LOST_MS) lostAt = undefined
      lostAt ??= clock.now()
      const lostMs = clock.now() - lostAt
      if (lostMs > PATIENCE_MS) throw error
      lost = lostMs >= LOST_MS
      if (lost) yield { type: 'lost', error: error as Error }
    }
  }
}

/** Throws a StatusError for a refusal, and an AnswerError for a line that is not one of a watch. */
function parseChange(line: string, kind: KindReference): Change {
  const value = parseJson(line)
  requireShape(value, { type: required('text'), object: required('object') }, '')
  const { type, object } = value as { type: string; object: { metadata?: unknown } }
  if (type === 'ERROR') throw new StatusError(statusOf(object, 500))
  requireShape(object, { metadata: required({ resourceVersion: required('text') }) }, 'object')
  const version = (object.metadata as { resourceVersion: string }).resourceVersion
  if (type === 'BOOKMARK') return { version, step: undefined }
  if (type !== 'ADDED' && type !== 'MODIFIED' && type !== 'DELETED')
    throw new AnswerError('an unknown line of a watch')
  const changed = parseObject(object, kind)
  return { version, step: { type: type === 'DELETED' ? 'removed' : 'changed', object: changed } }
}
