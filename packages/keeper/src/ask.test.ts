import { createServer, type RequestListener, type Server } from 'node:http'
import { type AddressInfo, createServer as createTcpServer } from 'node:net'
import type { KeptEffect, KeptWait } from '@landfall/kube'
import { afterEach, expect, test } from 'vitest'
import { ask } from './ask.ts'

const times = { after: 0, interval: 1, failures: 1, timeout: 2 }
const effect = (wait: KeptWait, own = false): KeptEffect => ({
  wait,
  ...times,
  ...(own && { own: true as const }),
})

let open: { close(): unknown }[] = []
afterEach(() => {
  for (const server of open) server.close()
  open = []
})

async function listen(server: Server | ReturnType<typeof createTcpServer>): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  open.push(server)
  return (server.address() as AddressInfo).port
}

const serve = async (listener: RequestListener): Promise<string> =>
  `127.0.0.1:${await listen(createServer(listener))}`

/** An address at which nothing listens. */
async function nobody(): Promise<string> {
  const server = createTcpServer()
  const port = await listen(server)
  await new Promise((resolve) => server.close(resolve))
  open = []
  return `127.0.0.1:${port}`
}

const answering = (status: number, text: string) =>
  serve((_, response) => response.writeHead(status).end(text))

test.each([
  [200, 'w1 w2', '2xx', 'w1', { holds: true }],
  [204, '', '2xx', undefined, { holds: true }],
  [404, '', 404, undefined, { holds: true }],
  [200, 'w2', '2xx', 'w1', { holds: false, why: 'the answer of URL does not contain w1' }],
  [404, '', '2xx', undefined, { holds: false, why: 'URL answers 404' }],
  [301, '', '2xx', undefined, { holds: false, why: 'URL answers 301' }],
  [503, '', '2xx', undefined, { holds: 'unknown', why: 'URL answers 503' }],
] as const)('a service that answers %i "%s", where %s and %s are expected', async (...row) => {
  const [status, text, expected, contains, answer] = row
  const url = `http://${await answering(status, text)}/x`
  const wait: KeptWait = {
    ...{ kind: 'http', url, status: expected },
    ...(contains !== undefined && { text: contains }),
  }
  const found = await ask(effect(wait))
  expect(JSON.parse(JSON.stringify(found).replaceAll(url, 'URL'))).toEqual(answer)
})

test('no answer is a failure of the service itself alone', async () => {
  const wait: KeptWait = { kind: 'http', url: `http://${await nobody()}/`, status: '2xx' }
  const why = `${wait.url} does not answer`
  expect(await ask(effect(wait))).toEqual({ holds: 'unknown', why })
  expect(await ask(effect(wait, true))).toEqual({ holds: false, why })
})

test('what is sent is what was declared; a login of the URL is a header, and in no message', async () => {
  const asked: unknown[] = []
  const host = await serve((request, response) => {
    let body = ''
    request.on('data', (data) => {
      body += data
    })
    request.on('end', () => {
      const { method, url, headers } = request
      asked.push([method, url, headers.authorization, headers['x-a'], body])
      response.writeHead(401).end()
    })
  })
  const url = `http://admin:correct-horse@${host}/q?a`
  const request = { headers: { 'X-A': '1' }, body: '{}' }
  const answer = await ask(effect({ kind: 'http', url, status: '2xx', request }))
  expect(answer).toEqual({ holds: false, why: `http://${host}/q?a answers 401` })
  const basic = `Basic ${Buffer.from('admin:correct-horse').toString('base64')}`
  expect(asked).toEqual([['POST', '/q?a', basic, '1', '{}']])
})

test('a port that accepts, and one that refuses', async () => {
  const port = await listen(createTcpServer((socket) => socket.end()))
  expect(await ask(effect({ kind: 'tcp', host: '127.0.0.1', port }))).toEqual({ holds: true })
  const [, closed = ''] = (await nobody()).split(':')
  expect(await ask(effect({ kind: 'tcp', host: '127.0.0.1', port: Number(closed) }))).toEqual({
    holds: false,
    why: `127.0.0.1:${closed} refuses connections`,
  })
})

test('a name that resolves', async () => {
  expect(await ask(effect({ kind: 'dns', host: 'localhost' }))).toEqual({ holds: true })
})
