import { Buffer } from 'node:buffer'
import { recordOf } from '@landfall/diagnostic'
import { collect, parseObject } from '../blob.ts'
import { orUnreadable, Unreadable } from '../unreadable.ts'
import type { Credentials } from './credentials.ts'
import type { Fetch } from './fetch.ts'
import { get, isWeb, mayLead, once, type Sent } from './send.ts'

const LARGEST_ANSWER = 1024 * 1024

/** A token in a header: visible ASCII; longer ones no server accepts. https://www.rfc-editor.org/rfc/rfc6750#section-2.1 */
const TOKEN = /^[\x21-\x7e]{1,16384}$/

/** What a registry requires, by its `WWW-Authenticate`. */
interface Challenge {
  scheme: string
  values: Record<string, string>
}

/** How a challenge is answered. */
export interface Answering {
  /** The address that was requested. */
  url: URL
  repository: string
  /** The login of the registry, if it may be sent to an address; asked for only where one is required. */
  loginFor(to: URL): Promise<Credentials | undefined>
  fetch: Fetch
  /** Milliseconds for a token service. */
  patience: number
}

/** `Bearer realm="https://auth.example/token",service="registry"` taken apart. */
function parseChallenge(header: string): Challenge {
  const [, scheme = '', rest = ''] = /^\s*(\w{1,32})\s*(.*)$/s.exec(header.slice(0, 8192)) ?? []
  const values = recordOf<string>()
  for (const [, key = '', quoted, plain] of rest.matchAll(/\b(\w{1,64})=(?:"([^"]*)"|([^\s,]+))/g))
    values[key.toLowerCase()] = quoted ?? plain ?? ''
  return { scheme: scheme.toLowerCase(), values }
}

/**
 * The `Authorization` that answers the challenge of a registry; undefined where it requires a login and there is none.
 * https://distribution.github.io/distribution/spec/auth/token/
 */
export async function authorize(header: string, answering: Answering): Promise<string | undefined> {
  const { url, repository, loginFor } = answering
  const { scheme, values } = parseChallenge(header)
  if (scheme === 'basic') return basicOf(await loginFor(url))
  const { realm = '', service } = values
  if (scheme !== 'bearer' || !URL.canParse(realm)) return undefined
  const at = new URL(realm)
  if (!isWeb(at) || !mayLead(url, at))
    throw new Unreadable(`${url.host} names an invalid token service`)
  const scope = values.scope ?? `repository:${repository}:pull`
  const question = new URLSearchParams({ ...(service === undefined ? {} : { service }), scope })
  const login = await loginFor(at)
  const known = login === undefined ? undefined : await tokenOf(at, question, login, answering)
  // A login that has expired does not hide what everybody may see.
  return known ?? tokenOf(at, question, undefined, answering)
}

function basicOf(login: Credentials | undefined): string | undefined {
  return login !== undefined && 'username' in login
    ? `Basic ${Buffer.from(`${login.username}:${login.password}`).toString('base64')}`
    : undefined
}

async function tokenOf(
  realm: URL,
  question: URLSearchParams,
  login: Credentials | undefined,
  { fetch, patience }: Answering,
): Promise<string | undefined> {
  const basic = basicOf(login)
  const sent =
    login !== undefined && 'identityToken' in login
      ? await exchange(realm, question, login.identityToken, fetch, patience)
      : await get(
          fetch,
          withQuestion(realm, question),
          basic === undefined ? {} : { authorization: basic },
          patience,
        )
  const timer = setTimeout(sent.close, patience)
  try {
    const none = `no token from ${realm.host}`
    const body = await collect(orUnreadable(sent.answer.body ?? undefined, none), LARGEST_ANSWER)
    if (sent.answer.status !== 200) return undefined
    const { token, access_token } = parseObject(body, 'the token')
    const given = token ?? access_token
    if (given === undefined || given === null) return undefined
    if (typeof given !== 'string' || !TOKEN.test(given))
      throw new Unreadable(`the token from ${realm.host} is not valid`)
    return `Bearer ${given}`
  } finally {
    clearTimeout(timer)
    sent.close()
  }
}

/** The token is in the body of the request, so no redirect is followed. */
function exchange(
  realm: URL,
  question: URLSearchParams,
  identityToken: string,
  fetch: Fetch,
  patience: number,
): Promise<Sent> {
  const grant = new URLSearchParams({
    grant_type: 'refresh_token',
    client_id: 'landfall',
    refresh_token: identityToken,
  })
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  return once(
    fetch,
    realm.href,
    { method: 'POST', headers, body: `${question}&${grant}` },
    patience,
  )
}

function withQuestion(realm: URL, question: URLSearchParams): string {
  const url = new URL(realm)
  for (const [key, value] of question) url.searchParams.set(key, value)
  return url.href
}
