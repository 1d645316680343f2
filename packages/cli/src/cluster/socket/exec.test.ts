import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { kubeClient } from '@landfall/kube'
import { Agent } from 'undici'
import { afterEach, expect, test } from 'vitest'
import { type WebSocket, WebSocketServer } from 'ws'
import { openSocket } from './socket.ts'

let close = (): void => {}
afterEach(() => close())

const CHANNEL = { stdout: 1, stderr: 2, status: 3 } as const

const say = (socket: WebSocket, channel: keyof typeof CHANNEL, text: string) =>
  socket.send(Buffer.concat([Buffer.of(CHANNEL[channel]), Buffer.from(text)]))

const succeed = (socket: WebSocket) => {
  say(socket, 'status', JSON.stringify({ status: 'Success' }))
  socket.close(1000)
}

/** An API server that runs commands as the function does; input ends with `undefined`. */
async function serve(
  run: (socket: WebSocket, input: Buffer | undefined, query: URLSearchParams) => void,
  { refuse = false, forbidden }: { refuse?: boolean; forbidden?: string } = {},
) {
  const seen: { url?: string | undefined; authorization?: string | undefined }[] = []
  const server = createServer(({ url }, response) => {
    response.setHeader('content-type', 'application/json')
    if (forbidden !== undefined && url?.includes('/exec')) {
      response.statusCode = 403
      const status = { kind: 'Status', code: 403, reason: 'Forbidden', message: forbidden }
      response.end(JSON.stringify(status))
      return
    }
    response.end(
      JSON.stringify({
        resources: [{ name: 'pods', kind: 'Pod', namespaced: true, verbs: ['get'] }],
      }),
    )
  })
  const sockets = new WebSocketServer({ server, verifyClient: () => !refuse })
  sockets.on('connection', (socket, { url, headers }) => {
    seen.push({ url, authorization: headers.authorization })
    const query = new URL(url ?? '', 'http://server').searchParams
    expect(socket.protocol).toBe('v5.channel.k8s.io')
    if (!query.has('stdin')) run(socket, undefined, query)
    socket.on('message', (data: Buffer) => {
      if (data[0] === 255) run(socket, undefined, query)
      else run(socket, data.subarray(1), query)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const dispatcher = new Agent()
  close = () => {
    sockets.close()
    server.closeAllConnections()
    server.close()
    void dispatcher.destroy()
  }
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const client = kubeClient({
    server: address,
    fetch,
    openSocket: (url, protocol, signal) =>
      openSocket({ url, protocol, signal, headers: { authorization: 'Bearer t' }, dispatcher }),
  })
  return { client, seen }
}

const POD = { namespace: 'shop', pod: 'web-1', container: 'web' }

test('a command gets its words, its input and its end; its output and its exit code come back', async () => {
  let received = 0
  const { client, seen } = await serve((socket, input) => {
    received += input?.length ?? 0
    if (input !== undefined) return
    say(socket, 'stdout', `${received} `)
    say(socket, 'stdout', 'bytes\n')
    say(socket, 'stderr', 'oh\n')
    const causes = [{ reason: 'ExitCode', message: '3' }]
    say(socket, 'status', JSON.stringify({ status: 'Failure', details: { causes } }))
    socket.close(1000)
  })
  async function* stdin() {
    for (let n = 0; n < 100; n++) yield Buffer.alloc(100_000)
  }
  const result = await client.exec({ ...POD, command: ['sh', '-c', 'wc -c & é'], stdin: stdin() })
  expect(result).toEqual({ exitCode: 3, stdout: '10000000 bytes\n', stderr: 'oh\n' })
  const [{ url = '', authorization } = {}] = seen
  expect(authorization).toBe('Bearer t')
  expect(url).toContain('/api/v1/namespaces/shop/pods/web-1/exec?')
  const query = new URL(url, 'http://server').searchParams
  expect([query.getAll('command'), query.get('container')]).toEqual([
    ['sh', '-c', 'wc -c & é'],
    'web',
  ])
})

test('a command without input ends by itself', async () => {
  const { client } = await serve((socket) => {
    say(socket, 'stdout', 'hello')
    succeed(socket)
  })
  const result = await client.exec({ ...POD, command: ['true'] })
  expect(result).toEqual({ exitCode: 0, stdout: 'hello', stderr: '' })
})

test('a command that ends early does not take the rest of its input', async () => {
  const { client } = await serve((socket) => succeed(socket))
  async function* stdin() {
    for (;;) {
      yield Buffer.alloc(10)
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  }
  expect(await client.exec({ ...POD, command: ['true'], stdin: stdin() })).toMatchObject({
    exitCode: 0,
  })
})

test('errors: no such container, a broken connection, a refusal, an interruption', async () => {
  const failing = await serve((socket) => {
    const message = 'container not found ("web")'
    say(
      socket,
      'status',
      JSON.stringify({ status: 'Failure', code: 404, reason: 'NotFound', message }),
    )
  })
  await expect(failing.client.exec({ ...POD, command: ['x'] })).rejects.toThrow(
    'container not found',
  )
  close()
  const breaking = await serve((socket) => socket.terminate())
  await expect(breaking.client.exec({ ...POD, command: ['x'] })).rejects.toThrow('cannot reach')
  close()
  const refusing = await serve(() => {}, { refuse: true })
  await expect(refusing.client.exec({ ...POD, command: ['x'] })).rejects.toThrow('cannot reach')
  close()
  const message = 'pods "web-1" is forbidden: User "me" cannot get resource "pods/exec"'
  const forbidding = await serve(() => {}, { refuse: true, forbidden: message })
  await expect(forbidding.client.exec({ ...POD, command: ['x'] })).rejects.toThrow(message)
  close()
  const silent = await serve(() => {})
  const signal = AbortSignal.timeout(50)
  await expect(silent.client.exec({ ...POD, command: ['x'], signal })).rejects.toThrow(/timeout/i)
})
