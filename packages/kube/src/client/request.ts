import type { Clock } from '../clock.ts'
import { type ApiStatus, ConnectionError, StatusError } from './status-error.ts'

/** The part of `fetch` that is used; the caller's one carries TLS and credentials. */
export type Fetch = (
  url: string,
  init: {
    method: string
    headers: Record<string, string>
    body?: string
    signal?: AbortSignal
  },
) => Promise<FetchResponse>

export interface FetchResponse {
  status: number
  headers: { get(name: string): string | null }
  text(): Promise<string>
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

/** Sends a request; throws a StatusError for a refusal and a ConnectionError when nothing sensible answers. */
export type Send = (request: ApiRequest) => Promise<FetchResponse>

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

interface SenderOptions {
  fetch: Fetch
  server: string
  headers: Record<string, string>
  clock: Clock
  serverTime: ServerClock
}

/** Makes `Send` for one server. A server that is busy (429, 503) receives the request again after the pause that it names. */
export function sender({ fetch, server, headers, clock, serverTime }: SenderOptions): Send {
  const base = server.replace(/\/+$/, '')
  return async ({ method, path, query = {}, body, contentType, signal }) => {
    const search = new URLSearchParams()
    for (const [key, value] of Object.entries(query))
      if (value !== undefined) search.set(key, String(value))
    const url = `${base}${path}${search.size === 0 ? '' : `?${search}`}`
    const init = {
      method,
      headers: {
        accept: 'application/json',
        'user-agent': 'landfall',
        ...(body === undefined ? {} : { 'content-type': contentType ?? 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal === undefined ? {} : { signal }),
    }
    for (let attempt = 1; ; attempt++) {
      const response = await answer(fetch, base, url, init)
      serverTime.note(response)
      if (response.status < 400) return response
      const refusal = new StatusError(await statusOf(response))
      const busy = response.status === 429 || response.status === 503
      if (!busy || attempt === ATTEMPTS) throw refusal
      const seconds = Number(response.headers.get('retry-after') ?? 0) || 2 ** attempt / 4
      await clock.sleep(seconds * 1000, signal)
    }
  }
}

async function answer(
  fetch: Fetch,
  server: string,
  url: string,
  init: Parameters<Fetch>[1],
): Promise<FetchResponse> {
  try {
    return await fetch(url, init)
  } catch (error) {
    if (init.signal?.aborted) throw error
    throw new ConnectionError(server, error)
  }
}

async function statusOf(response: FetchResponse): Promise<ApiStatus> {
  const text = await response.text()
  try {
    const status = JSON.parse(text)
    if (status?.kind === 'Status') return { ...status, code: status.code ?? response.status }
  } catch {
    // a proxy or an authenticator answers in plain text
  }
  const message = text.trim().slice(0, 300) || `the API server answered ${response.status}`
  return { code: response.status, message }
}
