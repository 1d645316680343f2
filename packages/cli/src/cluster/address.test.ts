import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { expect, test } from 'vitest'
import { probeAddress } from './address.ts'

async function listening(
  server: Server,
): Promise<{ host: string; port: number; published: string }> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { host: '127.0.0.1', port: (server.address() as AddressInfo).port, published: '8080' }
}

test('an HTTP server answers with any status', async () => {
  const server = createHttpServer((_request, response) => response.writeHead(503).end())
  const endpoint = await listening(server)
  expect(await probeAddress(endpoint)).toEqual({ answered: true, scheme: 'http' })
  server.close()
})

test('a server that speaks something else answers by taking the connection', async () => {
  const server = createServer((socket) => socket.on('error', () => undefined).end('220 hello\r\n'))
  const endpoint = await listening(server)
  expect(await probeAddress(endpoint)).toEqual({ answered: true, scheme: 'tcp' })
  server.close()
})

test('where nothing listens, the reason is told', async () => {
  const server = createServer()
  const endpoint = await listening(server)
  await new Promise((resolve) => server.close(resolve))
  expect(await probeAddress(endpoint)).toEqual({ answered: false, error: 'ECONNREFUSED' })
})

test('what accepts a connection for a program that is not there, and closes it, does not answer', async () => {
  const server = createServer((socket) => socket.on('error', () => undefined).destroy())
  const endpoint = await listening(server)
  expect(await probeAddress({ ...endpoint, forwarded: true })).toEqual({
    answered: false,
    error: 'the connection is closed without an answer',
  })
  server.close()
})

test('a program that waits for its client answers through what forwards the connection', async () => {
  const server = createServer((socket) => socket.on('error', () => undefined))
  const endpoint = await listening(server)
  // an HTTP request gets no answer within its patience
  expect(await probeAddress(endpoint)).toEqual({ answered: true, scheme: 'tcp' })
  server.close()
})
