import type { Clock } from '../clock.ts'
import { parseJson, readText } from './answer/read-json.ts'
import { parseStatus } from './answer/status.ts'
import { AnswerError, ConnectionError, StatusError } from './status-error.ts'

/** The part of `fetch` that is used; the caller's one carries TLS and credentials. */
export type Fetch = (
  url: string,
  init: {
    method: string
    headers: Record<string, string>
    body?: string
    signal?: AbortSignal
    /** An API server does not redirect, and what it redirects to must not get the credentials. */
    redirect: 'manual'
  },
) => Promise<FetchResponse>

export interface FetchResponse {
  status: number
  headers: { get(name: string): string | null }
  body: AsyncIterable<Uint8Array> | null
}

export interface ApiRequest {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  path: string
  query?: Record<string, string | number | boolean | undefined>
  body?: unknown
  contentType?: string
  signal?: AbortSignal | undefined
}

/** What is read of an answer: its JSON, the number of its characters, and its status. */
export interface Answer {
  json: unknown
  size: number
  status: number
}

/**
 * Requests to one server. All throw a StatusError for a refusal, a ConnectionError when the server does not answer, or not
 * completely, and an AnswerError when it answers something else than the Kubernetes API.
 */
export interface Api {
  /** Sends a request and reads the answer as JSON, within {@link ANSWER_MS}. */
  read(request: ApiRequest): Promise<Answer>
  /**
   * Sends a request whose answer has no end, or a late one. The first byte is waited for as long as for any answer, unless it is `late`.
   * Errors of the body are those of {@link Api} if it is read by {@link Api.explained}.
   */
  open(request: ApiRequest, late?: boolean): Promise<FetchResponse>
  /** The same bytes; what breaks off is a ConnectionError. */
  explained(body: AsyncIterable<Uint8Array> | null, signal?: AbortSignal): AsyncIterable<Uint8Array>
  /** Adds the address of the server to an AnswerError of `parse`. */
  parsed<T>(parse: () => T): T
}

/** The clock of the API server, read from the `Date` header of its answers. */
export interface ServerClock {
  note(response: FetchResponse): void
  /** Milliseconds since 1970, exact to a second; undefined before the first answer. */
  now(): number | undefined
}

/** A clock that advances by the local monotonic clock between two answers. */
export function serverClock(clock: Clock): ServerClock {
  let offset: number | undefined
  return {
    note({ headers }) {
      const date = Date.parse(headers.get('date') ?? '')
      if (!Number.isNaN(date)) offset = date - clock.now()
    },
    now: () => (offset === undefined ? undefined : clock.now() + offset),
  }
}

const ATTEMPTS = 5

/** Seconds of a pause between two attempts, regardless of what the server names. */
const LONGEST_PAUSE = 5

/** Milliseconds for an answer with its body: API servers end other requests than watches after 60 s. */
const ANSWER_MS = 65_000

interface ApiOptions {
  fetch: Fetch
  server: string
  headers: Record<string, string>
  clock: Clock
  serverTime: ServerClock
  /** {@link ANSWER_MS} if omitted. */
  answerMs?: number | undefined
}

/** Makes the requests to one server. A server that is busy (429, 503) receives the request again after the pause that it names. */
export function apiOf(options: ApiOptions): Api {
  const { fetch, headers, clock, serverTime, answerMs = ANSWER_MS } = options
  const server = options.server.replace(/\/+$/, '')

  async function exchange<T>(
    request: ApiRequest,
    use: (response: FetchResponse) => Promise<T>,
    ms: number | undefined,
  ): Promise<T> {
    const { method, path, query = {}, body, contentType, signal } = request
    const search = new URLSearchParams()
    for (const [key, value] of Object.entries(query))
      if (value !== undefined) search.set(key, String(value))
    const url = `${server}${path}${search.size === 0 ? '' : `?${search}`}`
    for (let attempt = 1; ; attempt++) {
      const limit = timeLimit(ms, signal)
      try {
        const response = await fetch(url, {
          method,
          headers: {
            accept: 'application/json',
            'user-agent': 'landfall',
            ...(body === undefined ? {} : { 'content-type': contentType ?? 'application/json' }),
            ...headers,
          },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
          ...(limit.signal === undefined ? {} : { signal: limit.signal }),
          redirect: 'manual',
        })
        serverTime.note(response)
        const { status } = response
        if (status >= 200 && status < 300) return await use(response)
        if (status < 400) throw new AnswerError(redirection(response))
        const refusal = new StatusError(parseStatus(await textOfRefusal(response), status))
        const busy = status === 429 || status === 503
        if (!busy || attempt === ATTEMPTS) throw refusal
        await clock.sleep(pauseSeconds(response, attempt) * 1000, signal)
      } catch (error) {
        throw explain(error, server, limit, signal)
      } finally {
        limit.cancel()
      }
    }
  }

  const parsed = <T>(parse: () => T): T => {
    try {
      return parse()
    } catch (error) {
      throw error instanceof AnswerError ? error.from(server) : error
    }
  }
  return {
    async read(request) {
      const { status, text } = await exchange(
        request,
        async (response) => ({
          status: response.status,
          text: await readText(response.body),
        }),
        answerMs,
      )
      return { status, size: text.length, json: parsed(() => parseJson(text)) }
    },
    open: (request, late = false) =>
      exchange(request, async (response) => response, late ? undefined : answerMs),
    async *explained(body, signal) {
      try {
        yield* body ?? []
      } catch (error) {
        throw explain(error, server, undefined, signal)
      }
    },
    parsed,
  }
}

interface TimeLimit {
  signal: AbortSignal | undefined
  /** Milliseconds, when they are over. */
  over(): number | undefined
  cancel(): void
}

function timeLimit(ms: number | undefined, signal: AbortSignal | undefined): TimeLimit {
  if (ms === undefined) return { signal, over: () => undefined, cancel: () => {} }
  const controller = new AbortController()
  const timer = setTimeout(() => controller.abort(), ms)
  return {
    signal: signal === undefined ? controller.signal : AbortSignal.any([signal, controller.signal]),
    over: () => (controller.signal.aborted ? ms : undefined),
    cancel: () => clearTimeout(timer),
  }
}

function explain(
  error: unknown,
  server: string,
  limit: TimeLimit | undefined,
  signal: AbortSignal | undefined,
): unknown {
  if (signal?.aborted || error instanceof StatusError || error instanceof ConnectionError)
    return error
  if (error instanceof AnswerError) return error.from(server)
  const ms = limit?.over()
  const late = ms !== undefined && new Error(`no complete answer within ${Math.round(ms / 1000)} s`)
  return new ConnectionError(server, late || error)
}

/** Where a server redirects to, without what may be secret in an address. */
function redirection({ status, headers }: FetchResponse): string {
  const [location = ''] = (headers.get('location') ?? '').split(/[?#]/)
  const to = location.replace(/\/\/[^/@]*@/, '//').slice(0, 200)
  return status >= 300 ? `a redirection${to === '' ? '' : ` to ${to}`}` : `the status ${status}`
}

function pauseSeconds({ headers }: FetchResponse, attempt: number): number {
  const named = Number(headers.get('retry-after') ?? 0)
  return named > 0 ? Math.min(named, LONGEST_PAUSE) : 2 ** attempt / 4
}

/** Bytes of a refusal: an API server needs a few hundred, the page of a proxy some thousands. */
const LARGEST_REFUSAL = 1024 ** 2

async function textOfRefusal({ body }: FetchResponse): Promise<string> {
  try {
    return await readText(body, LARGEST_REFUSAL)
  } catch (error) {
    if (error instanceof AnswerError) return ''
    throw error
  }
}
