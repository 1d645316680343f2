import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { layerOf } from './layer.ts'
import { pushImage } from './push.ts'

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections()
})

/** A server of this machine, by its host and port; the authorization of each request is in `seen`. */
async function serve(
  answer: RequestListener,
): Promise<{ host: string; seen: (string | undefined)[] }> {
  const seen: (string | undefined)[] = []
  const server = createServer((request, response) => {
    seen.push(request.headers.authorization)
    request.resume()
    answer(request, response)
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { host: `127.0.0.1:${(server.address() as AddressInfo).port}`, seen }
}

const withLogin: Parameters<typeof pushImage>[3] = (url, { headers, ...init }) =>
  fetch(url, {
    ...init,
    headers: { ...headers, authorization: 'Basic bWU6c2VjcmV0' },
  } as RequestInit)

/** Pushes to a registry that sends the upload of a blob to `location`, or that redirects each request there. */
async function pushTo(location: (other: string) => string, redirects = false) {
  const other = await serve((_, response) => void response.writeHead(201).end())
  const registry = await serve((request, response) => {
    if (redirects) response.writeHead(307, { location: location(other.host) }).end()
    else if (request.method === 'HEAD') response.writeHead(404).end()
    else if (request.method === 'POST')
      response.writeHead(202, { location: location(other.host) }).end()
    else response.writeHead(201).end()
  })
  const image = { layers: [await layerOf([])], config: {} }
  const pushed = pushImage(registry.host, 'app:1', image, withLogin)
  const problem = await pushed.then(
    () => undefined,
    (error: Error) =>
      error.message.replaceAll(other.host, 'OTHER').replaceAll(registry.host, 'HERE'),
  )
  return { problem, other: other.seen, registry: registry.seen }
}

test('an upload at the registry itself gets the login', async () => {
  const { problem, registry } = await pushTo(() => '/v2/app/blobs/uploads/1?state=x')
  expect(problem).toBeUndefined()
  expect(new Set(registry)).toEqual(new Set(['Basic bWU6c2VjcmV0']))
})

test.each([
  ['http://OTHER/upload', 'OTHER'],
  ['//OTHER/upload', 'OTHER'],
  ['https://OTHER/upload', 'OTHER'],
  ['http://[', 'an invalid address'],
  ['file:///etc/passwd', 'an invalid address'],
])('an upload to %s is refused, and nothing is sent there', async (location, where) => {
  const { problem, other } = await pushTo((host) => location.replace('OTHER', host))
  expect(problem).toBe(`the registry HERE sends uploads to ${where}`)
  expect(other).toEqual([])
})

test('a redirect is not followed', async () => {
  const { problem, other } = await pushTo((host) => `http://${host}/`, true)
  expect(problem).toMatch(/: 307$/)
  expect(other).toEqual([])
})
