import { createInflate } from 'node:zlib'
import { expect, test } from 'vitest'
import { forwardOver } from './port-forward.ts'
import type { Socket } from './socket.ts'
import { dataFrames, pingFrame } from './spdy.ts'

/** The other end of a connection: frames that arrive, and those that it sends, cut into chunks of a size. */
function server(replies: Buffer[], size = 5) {
  const received: Buffer[] = []
  const all = Buffer.concat(replies)
  const socket: Socket = {
    async send(bytes) {
      received.push(Buffer.from(bytes))
    },
    messages: (async function* () {
      for (let at = 0; at < all.length; at += size) yield all.subarray(at, at + size)
    })(),
    close: () => undefined,
  }
  const connect = () =>
    forwardOver(async () => socket, 'https://server', '/api/v1/namespaces/shop/pods/web-1', {
      port: 80,
    } as never)
  return { connect, received }
}

async function textOf(data: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = []
  for await (const part of data) parts.push(part)
  return Buffer.concat(parts).toString()
}

test('two streams are opened with headers that inflate; the data of both directions ends by itself', async () => {
  const { connect, received } = server([
    pingFrame(2),
    ...dataFrames(1, new Uint8Array(), true),
    ...dataFrames(3, Buffer.from('hello ')),
    ...dataFrames(3, Buffer.from('there'), true),
  ])
  const connection = await connect()
  await connection.send(Buffer.from('GET /'))
  await connection.end()
  expect(await textOf(connection.data)).toBe('hello there')

  const [error, errorEnd, data, sent, end, ping] = received as Buffer[]
  expect([error?.readUInt32BE(8), data?.readUInt32BE(8)]).toEqual([1, 3])
  expect(errorEnd?.subarray(0, 8).toString('hex')).toBe('0000000101000000')
  expect(sent?.subarray(8).toString()).toBe('GET /')
  expect(end?.toString('hex')).toBe('0000000301000000')
  expect(ping?.subarray(8).readUInt32BE()).toBe(2)
  // one compressed text over both frames, each readable when it arrives
  const inflate = createInflate()
  const headers: string[] = []
  for (const frame of [error, data]) {
    const block = await new Promise<Buffer>((resolve) => {
      inflate.once('data', resolve)
      inflate.write(frame?.subarray(18))
    })
    headers.push(block.toString())
  }
  expect(headers.map((text) => /streamtype\0{3}.(data|error)/s.exec(text)?.[1])).toEqual([
    'error',
    'data',
  ])
  expect(headers[0]).toContain('port\0\0\0\u000280')
})

test('bytes beyond one frame are several frames', () => {
  const frames = dataFrames(3, Buffer.alloc(100_000, 1), true)
  expect(frames.map(({ length }) => length - 8)).toEqual([32768, 32768, 32768, 1696])
  expect(frames.map((frame) => frame[4])).toEqual([0, 0, 0, 1])
})

test('what the node reports is the error; a connection that ends before the program has closed it is one', async () => {
  const refused = server([
    ...dataFrames(3, new Uint8Array(), true),
    ...dataFrames(1, Buffer.from('failed to connect to localhost:80: connection refused'), true),
  ])
  await expect(textOf((await refused.connect()).data)).rejects.toThrow('connection refused')
  const broken = server([...dataFrames(3, Buffer.from('half'))])
  await expect(textOf((await broken.connect()).data)).rejects.toThrow(
    'cannot reach https://server: the connection was closed before the program closed it',
  )
})
