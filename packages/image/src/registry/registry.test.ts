import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { askRegistries, type RegistryAccess } from '../index.ts'
import { type MadeImage, makeImage, makeIndex } from '../made-image.ts'

const closeAll: (() => void)[] = []

afterEach(() => {
  for (const close of closeAll.splice(0)) close()
})

type Answer = (request: IncomingMessage, response: ServerResponse) => void

async function serve(answer: Answer): Promise<string> {
  const server = createServer(answer)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closeAll.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return `127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** A registry that holds one image under `app:1`, and what it was asked. */
async function serveImage(
  image: MadeImage,
  before: (...args: Parameters<Answer>) => boolean = () => false,
) {
  const asked: string[] = []
  const host = await serve((request, response) => {
    asked.push(request.url ?? '')
    if (before(request, response)) return
    const [, kind, name = ''] = /^\/v2\/app\/(manifests|blobs)\/(.+)$/.exec(request.url ?? '') ?? []
    const bytes = image.blobs.get(kind === 'manifests' && name === '1' ? image.digest : name)
    if (bytes === undefined) response.writeHead(404).end('{"errors":[]}')
    else response.end(bytes)
  })
  return { host, asked }
}

const access = (more: Partial<RegistryAccess> = {}): RegistryAccess => ({
  fetch,
  credentials: async () => undefined,
  patience: 20_000,
  transfer: 60_000,
  ...more,
})

const redis = { ExposedPorts: { '6379/tcp': {} }, User: 'redis' }

test('the facts of an image need its manifest and its configuration, and no layer', async () => {
  const image = makeImage(redis, [{ 'etc/passwd': 'redis:x:999:1000::/:\n' }])
  const { host, asked } = await serveImage(image)
  expect(await askRegistries(access())({ image: `${host}/app:1` })).toEqual({
    ok: true,
    facts: { digest: image.digest, platform: 'linux/amd64', ports: ['6379/tcp'], user: 'redis' },
  })
  expect(asked).toHaveLength(2)
})

test('accounts are read from the layers, down to the first that has them', async () => {
  const image = makeImage(redis, [
    { 'etc/passwd': 'old:x:1:1::/:\n', 'etc/group': 'old:x:1:\n', 'bin/sh': 'x'.repeat(100_000) },
    { 'etc/passwd': 'redis:x:999:1000::/:\n#no:x:5:5\nbroken\n', 'srv/app': 'app' },
    { 'etc/.wh.group': '', 'srv/more': 'y'.repeat(70_000) },
  ])
  const { host } = await serveImage(image)
  const answer = await askRegistries(access())({ image: `${host}/app:1`, accounts: true })
  expect(answer).toMatchObject({
    ok: true,
    facts: { accounts: { users: { redis: { uid: 999, gid: 1000 } }, groups: {} } },
  })
  expect(answer.ok && Object.keys(answer.facts.accounts?.users ?? {})).toEqual(['redis'])
})

test.each([
  ['linux/arm64', '2/tcp'],
  ['linux/arm/v7', '3/tcp'],
  ['linux/amd64', '1/tcp'],
  ['linux/riscv64', '1/tcp'],
])('of an index, %s gets the image of its platform or another one', async (platform, port) => {
  const portOf = (number: number) => makeImage({ ExposedPorts: { [`${number}/tcp`]: {} } })
  const image = makeIndex({
    'linux/amd64': portOf(1),
    'linux/arm64/v8': portOf(2),
    'linux/arm/v7': portOf(3),
    'unknown/unknown': portOf(4),
  })
  const { host } = await serveImage(image)
  expect(await askRegistries(access())({ image: `${host}/app:1`, platform })).toMatchObject({
    facts: { digest: image.digest, ports: [port] },
  })
})

test('a digest in the name decides, and what is sent for it is checked', async () => {
  const image = makeImage(redis, [], { flavour: 'docker' })
  const { host } = await serveImage(image)
  const ask = askRegistries(access())
  expect(await ask({ image: `${host}/app:other@${image.digest}` })).toMatchObject({ ok: true })
  image.blobs.set(image.digest, makeImage({}).blobs.values().next().value ?? new Uint8Array())
  expect(await ask({ image: `${host}/app@${image.digest}` })).toEqual({
    ok: false,
    problem: `digest mismatch: the content received for ${image.digest} is different`,
  })
})

test('a configuration that is not what its digest says is refused', async () => {
  const image = makeImage(redis)
  const [, config = ''] = [...image.blobs.keys()]
  image.blobs.set(config, Buffer.from('{"config":{"User":"root"}}'))
  const { host } = await serveImage(image)
  expect(await askRegistries(access())({ image: `${host}/app:1` })).toMatchObject({
    ok: false,
    problem: expect.stringContaining('digest mismatch'),
  })
})

/** Wants a token for `app`; gives it to `user:pw`, to the identity token `idt`, or to anybody. */
function tokenServer(open: boolean) {
  const seen: string[] = []
  const before: Answer = (request, response) => {
    let body = ''
    request.on('data', (data) => {
      body += data
    })
    request.on('end', () => {
      const url = new URL(request.url ?? '', 'http://x')
      const basic = request.headers.authorization
      seen.push(`${request.method} ${url.search || body}`)
      const known =
        basic === `Basic ${btoa('user:pw')}` ||
        new URLSearchParams(body).get('refresh_token') === 'idt'
      if (known || (open && basic === undefined))
        response.end(JSON.stringify({ access_token: 'good' }))
      else response.writeHead(401).end()
    })
  }
  return { before, seen }
}

async function serveBehindTokens(open: boolean) {
  const image = makeImage(redis)
  const tokens = tokenServer(open)
  const realm = await serve(tokens.before)
  const { host } = await serveImage(image, (request, response) => {
    if (request.headers.authorization === 'Bearer good') return false
    const challenge = `Bearer realm="http://${realm}/token",service="reg",scope="repository:app:pull"`
    response.writeHead(401, { 'www-authenticate': challenge }).end('{}')
    return true
  })
  return { host, realm, seen: tokens.seen }
}

test('a public registry gives its token to anybody', async () => {
  const { host, seen } = await serveBehindTokens(true)
  expect(await askRegistries(access())({ image: `${host}/app:1` })).toMatchObject({ ok: true })
  expect(seen).toEqual(['GET ?service=reg&scope=repository%3Aapp%3Apull'])
})

test('a login that has expired does not hide what everybody may see', async () => {
  const { host } = await serveBehindTokens(true)
  const credentials = async () => ({ username: 'user', password: 'old' })
  const ask = askRegistries(access({ credentials }))
  expect(await ask({ image: `${host}/app:1` })).toMatchObject({ ok: true })
})

test.each([
  ['a password', { username: 'user', password: 'pw' }],
  ['an identity token', { identityToken: 'idt' }],
])('a private registry gives its token for %s', async (_, credentials) => {
  const { host, realm } = await serveBehindTokens(false)
  const tokenServices = { [host]: [realm] }
  const ask = askRegistries(access({ credentials: async () => credentials, tokenServices }))
  expect(await ask({ image: `${host}/app:1` })).toMatchObject({ ok: true })
})

test('without a login the answer says what to do', async () => {
  const { host } = await serveBehindTokens(false)
  expect(await askRegistries(access())({ image: `${host}/app:1` })).toEqual({
    ok: false,
    problem: `access to ${host} denied; log in with docker login ${host}`,
  })
})

test('a registry may want the password itself', async () => {
  const { host } = await serveImage(makeImage(redis), (request, response) => {
    if (request.headers.authorization === `Basic ${btoa('user:pw')}`) return false
    response.writeHead(401, { 'www-authenticate': 'Basic realm="reg"' }).end()
    return true
  })
  const credentials = async () => ({ username: 'user', password: 'pw' })
  const ask = askRegistries(access({ credentials }))
  expect(await ask({ image: `${host}/app:1` })).toMatchObject({ ok: true })
})

test('mirrors are asked first; what they do not have comes from the registry', async () => {
  const image = makeImage(redis)
  const mirror = await serveImage(makeImage({}), (_, response) => {
    response.writeHead(500).end()
    return true
  })
  const { host, asked } = await serveImage(image)
  const ask = askRegistries(access({ mirrors: { [host]: [`http://${mirror.host}/`] } }))
  expect(await ask({ image: `${host}/app:1` })).toMatchObject({ ok: true })
  expect(mirror.asked[0]).toBe('/v2/app/manifests/1')
  expect(asked).toHaveLength(2)
})

test('Docker Hub is asked at its server, and for the full name of a short one', async () => {
  const asked: string[] = []
  const ask = askRegistries(
    access({
      mirrors: { 'docker.io': ['https://mirror.example'] },
      fetch: async (url) => {
        asked.push(url)
        throw Object.assign(new Error('fetch failed'), { cause: { code: 'ENOTFOUND' } })
      },
    }),
  )
  expect(await ask({ image: 'redis' })).toEqual({ ok: false, problem: 'docker.io does not answer' })
  expect(asked).toEqual([
    'https://mirror.example/v2/library/redis/manifests/latest',
    'https://registry-1.docker.io/v2/library/redis/manifests/latest',
  ])
})

test('a registry that never answers is given up, once for all images', async () => {
  let asked = 0
  const host = await serve(() => {
    asked++
  })
  const ask = askRegistries(access({ patience: 50 }))
  expect(await ask({ image: `${host}/app:1` })).toEqual({
    ok: false,
    problem: `${host} does not answer`,
  })
  expect(await ask({ image: `${host}/other:1` })).toEqual({
    ok: false,
    problem: `${host} does not answer`,
  })
  // On a busy machine not even the first request arrives in time.
  expect(asked).toBeLessThanOrEqual(1)
})

test('an answer that stops in its middle is given up', async () => {
  const host = await serve((_, response) => void response.write('{'))
  const ask = askRegistries(access({ patience: 1000 }))
  expect(await ask({ image: `${host}/app:1` })).toEqual({
    ok: false,
    problem: `the response from ${host} stalled`,
  })
})

test('an answer that drips is given up as a whole', async () => {
  const host = await serve((_, response) => {
    const dripping = setInterval(() => response.write(' '), 10)
    response.on('close', () => clearInterval(dripping))
  })
  const ask = askRegistries(access({ transfer: 200 }))
  expect(await ask({ image: `${host}/app:1` })).toEqual({
    ok: false,
    problem: `the response from ${host} took too long`,
  })
})

test.each([
  [404, 'not found on'],
  [429, 'rate limit of'],
  [503, 'responded with status 503'],
])('status %i is reported as a sentence', async (status, sentence) => {
  const host = await serve((_, response) => response.writeHead(status).end('{}'))
  expect(await askRegistries(access())({ image: `${host}/app:1` })).toMatchObject({
    problem: expect.stringContaining(sentence),
  })
})

test.each(['not json', '[]', '{"schemaVersion":1,"fsLayers":[]}', `{"manifests":[]}`])(
  'a manifest like %s is reported as a sentence',
  async (manifest) => {
    const host = await serve((_, response) => response.end(manifest))
    expect(await askRegistries(access())({ image: `${host}/app:1` })).toMatchObject({ ok: false })
  },
)

test('what is no name is not asked for', async () => {
  expect(await askRegistries(access())({ image: 'No Name' })).toMatchObject({ ok: false })
})
