import { collect } from '../blob.ts'
import type { Fetch, FetchAnswer } from '../registry/fetch.ts'

/** A request of https://github.com/opencontainers/distribution-spec to a registry without logins. */
export interface PushRequest {
  method: 'GET' | 'HEAD' | 'POST' | 'PUT'
  url: string
  headers?: Record<string, string>
  body?: Uint8Array | AsyncIterable<Uint8Array>
}

/** An answer, its body read whole. */
export interface PushAnswer {
  status: number
  headers: FetchAnswer['headers']
  body: Buffer
}

/** Manifests, uploads and errors are descriptions; a registry that sends more is none. */
const LARGEST_ANSWER = 4 * 1024 ** 2

/**
 * Sends a request and reads the answer, which must have one of these statuses: a redirect is not followed. Throws an Error with the method, the URL and
 * what the registry answered, or why nothing did.
 */
export async function request(
  fetch: Fetch,
  { method, url, headers = {}, body }: PushRequest,
  ...statuses: number[]
): Promise<PushAnswer> {
  const answer = await orExplained(`${method} ${url}`, () =>
    fetch(url, {
      method,
      headers,
      redirect: 'manual',
      ...(body === undefined ? {} : { body, duplex: 'half' }),
    }),
  )
  const read = answer.body === null ? Buffer.alloc(0) : await collect(answer.body, LARGEST_ANSWER)
  if (statuses.includes(answer.status))
    return { status: answer.status, headers: answer.headers, body: read }
  const reason = read.toString().trim().slice(0, 300)
  throw new Error(`${method} ${url}: ${answer.status}${reason === '' ? '' : `: ${reason}`}`)
}

/** `fetch` fails with "fetch failed" and keeps the reason in its cause. */
async function orExplained<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const { message, cause } = error as Error & { cause?: Error }
    throw new Error(`${what}: ${cause?.message || message}`, { cause: error })
  }
}
