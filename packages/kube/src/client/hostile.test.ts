import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { kubeClient } from './client.ts'
import type { Fetch } from './request.ts'

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections()
})

async function serve(answer: RequestListener): Promise<string> {
  const server = createServer(answer)
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** A client of a real server, whose requests have a token. */
async function clientOf(answer: RequestListener, answerMs = 60_000) {
  const server = await serve(answer)
  const withToken: Fetch = async (url, init) =>
    fetch(url, { ...init, headers: { ...init.headers, authorization: 'Bearer secret' } })
  return kubeClient({ server, fetch: withToken, answerMs })
}

const PODS = { apiVersion: 'v1', kind: 'Pod', namespace: 'shop' }
const pod = (more: object = {}) => ({ metadata: { name: 'a' }, spec: { containers: [] }, ...more })
const list = (...items: unknown[]) => JSON.stringify({ items })

test.each([
  ['a page', '<html>', /sent a text that is not JSON: <html>$/],
  ['nothing', '', /sent an empty text$/],
  ['half of it', '{"items":[', /sent a text that is not JSON/],
  ['a list', '[]', /sent JSON in which the whole is not an object$/],
  ['null as an item', list(null), /items\[0\] is not an object$/],
  ['no name', list({ metadata: {} }), /without items\[0\]\.metadata\.name$/],
  [
    'a name that leads up',
    list(pod({ metadata: { name: '..' } })),
    /metadata\.name is not a name$/,
  ],
  [
    'a number as a message',
    list(pod({ status: { message: 1 } })),
    /status\.message is not a text$/,
  ],
  ['a state that is a list', list(pod({ status: { containerStatuses: [[]] } })), /not an object$/],
  ['depth', '['.repeat(300), /more than 200 levels of JSON$/],
  ['many values', `[${'{},'.repeat(1_100_000)}{}]`, /more than 1000000 values$/],
])('a list that is %s is an error that says so', async (_, text, message) => {
  const client = await clientOf((_, response) => void response.end(text))
  await expect(client.list(PODS)).rejects.toMatchObject({
    name: 'AnswerError',
    message: expect.stringMatching(message),
  })
})

test('fields that are null are fields that are not there', async () => {
  const client = await clientOf((_, response) => {
    response.end(list(pod({ status: null, spec: { containers: [], initContainers: null } })))
  })
  expect((await client.list(PODS)).items).toEqual([
    { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' }, spec: { containers: [] } },
  ])
})

test('a redirect is not followed: no other server gets the token', async () => {
  const seen: unknown[] = []
  const other = await serve((request, response) => {
    seen.push(request.headers)
    response.end('{}')
  })
  const client = await clientOf((_, response) => {
    response.writeHead(307, { location: `${other}/?token=x` }).end()
  })
  await expect(client.list(PODS)).rejects.toThrow(`it sent a redirection to ${other}/`)
  expect(seen).toEqual([])
})

test('an answer that does not end is given up', async () => {
  const client = await clientOf((_, response) => void response.write('{'), 300)
  await expect(client.list(PODS)).rejects.toThrow(/^cannot reach .*: no complete answer within/)
})

test('pages that are too large are requested in smaller parts', async () => {
  const large = 'x'.repeat(1024 ** 2)
  const limits: number[] = []
  const client = await clientOf((request, response) => {
    const query = new URL(request.url ?? '', 'http://x').searchParams
    const [limit, begin] = [Number(query.get('limit')), Number(query.get('continue'))]
    limits.push(limit)
    const end = Math.min(begin + limit, 20)
    const items = Array.from({ length: end - begin }, () => ({
      metadata: { name: 'a' },
      data: { large },
    }))
    response.end(JSON.stringify({ items, metadata: { continue: end < 20 ? `${end}` : '' } }))
  })
  const { items } = await client.list({ apiVersion: 'v1', kind: 'Secret', namespace: 'shop' })
  expect(items).toHaveLength(20)
  expect(limits).toEqual([500, 8, 8, 8])
})

test('a log line of megabytes is cut', async () => {
  const client = await clientOf((_, response) => void response.end('x'.repeat(3_000_000)))
  const lines: string[] = []
  for await (const line of client.logs({ namespace: 'shop', pod: 'a' })) lines.push(line)
  expect(lines).toHaveLength(1)
  expect(lines[0]?.slice(262_144)).toBe(' … (2737856 more characters)')
})

test('a line of a watch that is not one ends it', async () => {
  const client = await clientOf((request, response) => {
    response.end(request.url?.includes('watch') ? 'garbage\n' : list())
  })
  const watch = client.watch(PODS)
  await watch.next()
  await expect(watch.next()).rejects.toThrow(/sent a text that is not JSON: garbage$/)
})
