import { collect } from '../blob.ts'
import { Unreadable } from '../unreadable.ts'
import type { Fetch, FetchAnswer } from './fetch.ts'
import { isLoopback } from './hosts.ts'

export interface Sent {
  answer: FetchAnswer
  /** Closes the connection of an answer that is not read to its end. */
  close(): void
}

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])

const MOST_REDIRECTS = 5

/** Milliseconds and bytes for the end of an answer that nothing needs. */
const REST = { milliseconds: 1000, bytes: 64 * 1024 }

/**
 * Sends a GET and follows redirects. A login goes to the first address alone: another host, port or scheme does not get it. Fails as
 * `fetch` does when nothing answers in `patience` milliseconds, with Unreadable for a redirect that leads nowhere.
 */
export async function get(
  fetch: Fetch,
  url: string,
  headers: Record<string, string>,
  patience: number,
): Promise<Sent> {
  let at = new URL(url)
  let sent = headers
  for (let hop = 0; hop <= MOST_REDIRECTS; hop++) {
    const { answer, close } = await once(fetch, at.href, { headers: sent }, patience)
    if (!REDIRECTS.has(answer.status)) return { answer, close }
    close()
    const next = redirected(at, answer.headers.get('location'))
    if (next.origin !== at.origin) {
      const { authorization: _, ...others } = sent
      sent = others
    }
    at = next
  }
  throw new Unreadable(`${new URL(url).host} redirects more than ${MOST_REDIRECTS} times`)
}

/** Sends one request; a redirect is an answer like any other. */
export async function once(
  fetch: Fetch,
  url: string,
  init: Omit<Parameters<Fetch>[1], 'signal' | 'redirect'>,
  patience: number,
): Promise<Sent> {
  const connection = new AbortController()
  const timer = setTimeout(() => connection.abort(), patience)
  try {
    const answer = await fetch(url, { ...init, redirect: 'manual', signal: connection.signal })
    return { answer, close: () => connection.abort() }
  } finally {
    clearTimeout(timer)
  }
}

/** The address to which a redirect leads. */
function redirected(from: URL, location: string | null): URL {
  if (location === null || !URL.canParse(location, from.href))
    throw new Unreadable(`${from.host} redirects to an invalid address`)
  const to = new URL(location, from)
  if (!isWeb(to) || (from.protocol === 'https:' && to.protocol === 'http:'))
    throw new Unreadable(`${from.host} redirects to an address that is not https`)
  if (!mayLead(from, to)) throw new Unreadable(`${from.host} redirects to this machine`)
  return to
}

/** Whether an address is one of the web, without a login of its own. */
export function isWeb({ protocol, username, password }: URL): boolean {
  return /^https?:$/.test(protocol) && username === '' && password === ''
}

/** Addresses of this machine or its link answer to nobody else: no registry may name them but one of this machine. */
export function mayLead(from: URL, to: URL): boolean {
  return isLoopback(from.host) || !(isLoopback(to.host) || /^(169\.254\.|\[fe80:)/.test(to.host))
}

/** Reads the rest of an answer where it is short, so that its connection can be used again. */
export async function discard({ answer: { body }, close }: Sent): Promise<void> {
  if (body === null) return
  const timer = setTimeout(close, REST.milliseconds)
  try {
    await collect(body, REST.bytes)
  } catch {
    close()
  } finally {
    clearTimeout(timer)
  }
}
