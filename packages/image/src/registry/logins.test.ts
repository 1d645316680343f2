import { expect, test } from 'vitest'
import { askRegistries } from './ask-registries.ts'
import type { Fetch } from './fetch.ts'
import type { RegistryAccess } from './registry.ts'

type Sent = { url: string; authorization?: string; body?: unknown }

/** Asks for an image; `answer` gives the status and headers for each URL. What is sent is returned. */
async function sentFor(
  image: string,
  answer: (sent: Sent) => [status: number, headers?: Record<string, string>, body?: string],
  access: Partial<RegistryAccess> = {},
): Promise<{ sent: Sent[]; problem?: string }> {
  const sent: Sent[] = []
  const fetch: Fetch = async (url, { headers = {}, body }) => {
    const { authorization } = headers
    const one = { url, ...(authorization && { authorization }), ...(body && { body }) }
    sent.push(one)
    const [status, given = {}, text = ''] = answer(one)
    return {
      status,
      headers: { get: (name) => given[name] ?? null },
      body: (async function* () {
        yield Buffer.from(text)
      })(),
    }
  }
  const ask = askRegistries({
    fetch,
    credentials: async () => ({ username: 'user', password: 'pw' }),
    patience: 20_000,
    transfer: 20_000,
    ...access,
  })
  const result = await ask({ image })
  return { sent, ...(result.ok ? {} : { problem: result.problem }) }
}

/** A registry that requires a token of a token service, which gives one to everybody. */
const behind =
  (realm: string) =>
  ({ url, authorization }: Sent): [number, Record<string, string>?, string?] => {
    if (url.startsWith(realm)) return [200, {}, '{"token":"t"}']
    return authorization === 'Bearer t'
      ? [404]
      : [401, { 'www-authenticate': `Bearer realm="${realm}"` }]
  }

const loginsTo = (sent: readonly Sent[]) =>
  sent
    .filter(({ authorization }) => authorization?.startsWith('Basic'))
    .map(({ url }) => new URL(url).host)

test.each([
  ['redis:7', 'https://auth.docker.io/token'],
  ['registry.gitlab.com/a/b', 'https://gitlab.com/jwt/auth'],
  ['ghcr.io/a/b', 'https://ghcr.io/token'],
])('the token service of %s at %s gets the login', async (image, realm) => {
  const { sent } = await sentFor(image, behind(realm))
  expect(loginsTo(sent)).toEqual([new URL(realm).host])
})

test.each([
  ['redis:7', 'https://auth.docker.io.evil.example/token'],
  ['redis:7', 'http://auth.docker.io/token'],
  ['reg.example/a', 'https://auth.example/token'],
  ['reg.example/a', 'https://reg.example:8443/token'],
  ['reg.example/a', 'http://reg.example/token'],
  ['reg.example/a', 'https://gitlab.com/jwt/auth'],
])('of %s, %s gets no login', async (image, realm) => {
  const { sent } = await sentFor(image, behind(realm))
  expect(loginsTo(sent)).toEqual([])
})

test('a token service that the user allows gets the login; without that, the message names the setting', async () => {
  const realm = 'https://auth.example/token'
  const refuses = (one: Sent): ReturnType<Parameters<typeof sentFor>[1]> =>
    one.url.startsWith(realm) ? [403] : behind(realm)(one)
  const { problem } = await sentFor('reg.example/a', refuses)
  expect(problem).toContain('LANDFALL_TOKEN_SERVICES contains reg.example=auth.example')
  const tokenServices = { 'reg.example': ['auth.example'] }
  const { sent } = await sentFor('reg.example/a', behind(realm), { tokenServices })
  expect(loginsTo(sent)).toEqual(['auth.example'])
})

test('a redirect to another origin loses the login, one to the same keeps it', async () => {
  const { sent } = await sentFor('reg.example/a', ({ url, authorization }) => {
    if (authorization === undefined && url.startsWith('https://reg.example/v2/'))
      return [401, { 'www-authenticate': 'Basic realm="x"' }]
    if (url.includes('/v2/')) return [307, { location: '/moved' }]
    return url.endsWith('/moved') ? [307, { location: 'https://cdn.example/blob' }] : [404]
  })
  expect(sent.map(({ url, authorization }) => [url, authorization !== undefined])).toEqual([
    ['https://reg.example/v2/a/manifests/latest', false],
    ['https://reg.example/v2/a/manifests/latest', true],
    ['https://reg.example/moved', true],
    ['https://cdn.example/blob', false],
  ])
})

test('the token of a mirror is not sent to the registry, nor the other way', async () => {
  const { sent } = await sentFor(
    'redis:7',
    ({ url, authorization }) => {
      if (url.includes('/token')) return [200, {}, `{"token":"of-${new URL(url).host}"}`]
      const realm = `${new URL(url).origin}/token`
      return authorization === undefined
        ? [401, { 'www-authenticate': `Bearer realm="${realm}"` }]
        : [404]
    },
    { mirrors: { 'docker.io': ['https://mirror.example'] } },
  )
  const tokens = sent.filter(({ authorization }) => authorization?.startsWith('Bearer'))
  expect(tokens.map(({ url, authorization }) => [new URL(url).host, authorization])).toEqual([
    ['mirror.example', 'Bearer of-mirror.example'],
    ['registry-1.docker.io', 'Bearer of-registry-1.docker.io'],
  ])
})
