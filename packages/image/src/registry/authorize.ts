import { Buffer } from 'node:buffer'
import { collect, parseObject } from '../blob.ts'
import { orUnreadable } from '../unreadable.ts'
import type { Credentials } from './credentials.ts'
import type { Fetch, FetchAnswer } from './fetch.ts'

const LARGEST_ANSWER = 1024 * 1024

/** What a registry requires, by its `WWW-Authenticate`. */
interface Challenge {
  scheme: string
  values: Record<string, string>
}

/** `Bearer realm="https://auth.example/token",service="registry"` taken apart. */
function parseChallenge(header: string): Challenge {
  const [, scheme = '', rest = ''] = /^\s*(\w+)\s*(.*)$/s.exec(header) ?? []
  const values: Record<string, string> = {}
  for (const [, key = '', quoted, plain] of rest.matchAll(/(\w+)=(?:"([^"]*)"|([^\s,]+))/g))
    values[key.toLowerCase()] = quoted ?? plain ?? ''
  return { scheme: scheme.toLowerCase(), values }
}

/**
 * The `Authorization` that answers the challenge of a registry; undefined where it requires a login and there is none.
 * https://distribution.github.io/distribution/spec/auth/token/
 */
export async function authorize(
  challenged: FetchAnswer,
  repository: string,
  credentials: Credentials | undefined,
  fetch: Fetch,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { scheme, values } = parseChallenge(challenged.headers.get('www-authenticate') ?? '')
  const basic =
    credentials !== undefined && 'username' in credentials
      ? `Basic ${Buffer.from(`${credentials.username}:${credentials.password}`).toString('base64')}`
      : undefined
  if (scheme === 'basic') return basic
  const { realm = '', service } = values
  if (scheme !== 'bearer' || !URL.canParse(realm)) return undefined
  const scope = values.scope ?? `repository:${repository}:pull`
  const question = new URLSearchParams({ ...(service === undefined ? {} : { service }), scope })
  const answer =
    credentials !== undefined && 'identityToken' in credentials
      ? await fetch(realm, {
          method: 'POST',
          headers: { 'content-type': 'application/x-www-form-urlencoded' },
          body: `${question}&${new URLSearchParams({
            grant_type: 'refresh_token',
            client_id: 'landfall',
            refresh_token: credentials.identityToken,
          })}`,
          signal,
        })
      : await fetch(withQuestion(realm, question), {
          headers: basic === undefined ? {} : { authorization: basic },
          signal,
        })
  const body = await collect(
    orUnreadable(answer.body ?? undefined, 'no token from the registry'),
    LARGEST_ANSWER,
  )
  if (answer.status !== 200) return undefined
  const { token, access_token } = parseObject(body, 'the token')
  const given = token ?? access_token
  return typeof given === 'string' ? `Bearer ${given}` : undefined
}

function withQuestion(realm: string, question: URLSearchParams): string {
  const url = new URL(realm)
  for (const [key, value] of question) url.searchParams.set(key, value)
  return url.href
}
