import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type AddressInfo, createServer as createSocketServer } from 'node:net'
import {
  type Check,
  type CheckAction,
  type CheckStep,
  CURL,
  curlConfig,
  machineClock,
} from '@landfall/kube'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readCurl } from './request.ts'
import { CannotTell } from './result.ts'
import { type Act, runCheck } from './run-check.ts'

interface Seen {
  method?: string | undefined
  url?: string | undefined
  headers: IncomingMessage['headers']
  body: string
}

const seen: Seen[] = []
const orders = new Map<string, { text: string; visible: number }>()
let flaky = 2

/** A small shop: an order is visible when it was looked for twice. */
async function shop(request: IncomingMessage, response: ServerResponse): Promise<void> {
  let body = ''
  for await (const chunk of request) body += chunk
  const { method, url = '', headers } = request
  seen.push({ method, url, headers, body })
  const json = (status: number, value: unknown, more = {}) =>
    response
      .writeHead(status, { 'content-type': 'application/json', ...more })
      .end(JSON.stringify(value))
  if (method === 'POST' && url === '/orders') {
    const id = String(orders.size + 1)
    orders.set(id, { text: body, visible: 2 })
    return void json(201, { id, token: 'tok-0123456789' }, { location: `/orders/${id}` })
  }
  const order = orders.get(/^\/orders\/(\d+)$/.exec(url)?.[1] ?? '')
  if (order !== undefined)
    return void (order.visible-- > 0
      ? json(404, { error: 'not yet' })
      : json(200, { state: 'stored' }))
  if (url === '/flaky') return void (flaky-- > 0 ? json(500, {}) : json(200, {}))
  if (url === '/moved') return void response.writeHead(302, { location: '/flaky' }).end('moved')
  if (url === '/large') return void response.end('a'.repeat(3 * 1024 * 1024))
  if (url === '/echo')
    return void response.writeHead(500).end(`you sent ${headers.authorization} and ${body}`)
  if (url === '/lines') return void json(200, { next: 'x\r\nX-Injected: 1' })
  response.end('ok')
}

const server = createServer((request, response) => void shop(request, response))
const silent = createSocketServer(() => {})
const talking = createSocketServer((socket) => void socket.end('SSH-2.0-OpenSSH\r\n'))
let base = ''
let ports = { server: 0, silent: 0, talking: 0 }

beforeAll(async () => {
  for (const one of [server, silent, talking]) {
    one.listen(0, '127.0.0.1')
    await once(one, 'listening')
  }
  const port = (one: { address(): unknown }) => (one.address() as AddressInfo).port
  ports = { server: port(server), silent: port(silent), talking: port(talking) }
  base = `http://127.0.0.1:${ports.server}`
})
afterAll(() => {
  for (const one of [server, silent, talking]) one.close()
  server.closeAllConnections()
})

/** curl of this machine, as the test pod runs it. */
const act: Act = async (action, timeoutMs) => {
  if (action.kind === 'command') throw new CannotTell('no cluster', { forGood: true, hint: 'up' })
  const child = spawn(CURL[0] as string, CURL.slice(1))
  const texts = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const)
    child[name].on('data', (chunk) => {
      texts[name] += chunk
    })
  child.stdin.end(curlConfig(action, timeoutMs))
  const [exitCode] = await once(child, 'close')
  return readCurl(action, { exitCode, ...texts })
}

const http = (path: string, more: object = {}): CheckAction => ({
  kind: 'http',
  method: 'GET',
  url: path.startsWith('http') ? path : `${base}${path}`,
  headers: {},
  ...more,
})

const run = (steps: CheckStep[], more: Partial<Check> = {}, retries: string[] = []) =>
  runCheck(
    {
      name: 'order',
      source: 'landfall.yaml#/checks/order',
      withinMs: 20_000,
      steps,
      secrets: [],
      ...more,
    },
    {
      act,
      onRetry: (message) => retries.push(message),
      clock: machineClock,
      signal: new AbortController().signal,
    },
  )

/** A check that does not hold is known after two attempts. */
const soon = { withinMs: 300 }

function hasCurl(): boolean {
  try {
    execFileSync('curl', ['--version'])
    return true
  } catch {
    return false
  }
}

describe.skipIf(!hasCurl())('checks over HTTP (needs curl)', () => {
  test('an order is placed once, and looked for until it is there', async () => {
    const before = orders.size
    const retries: string[] = []
    const result = await run(
      [
        {
          action: http('/orders', {
            method: 'POST',
            send: { json: { product: 1, by: 'test {{run}}' } },
          }),
          status: [201],
          capture: { id: { json: '/id' }, at: { header: 'Location' } },
        },
        { action: http('/orders/{{id}}'), json: { '/state': 'stored' } },
        { action: http(`${base}{{at}}`), status: [200] },
      ],
      {},
      retries,
    )
    expect(result).toMatchObject({ name: 'order', state: 'holds' })
    expect(orders.size).toBe(before + 1)
    expect(retries).toEqual(Array(2).fill('status 404 instead of 2xx; got: {"error":"not yet"}'))
    expect(JSON.parse([...orders.values()].at(-1)?.text ?? '').by).toMatch(/^test [0-9a-f]{8}$/)
  })

  test('a step that fails at first is repeated', async () => {
    flaky = 2
    expect(await run([{ action: http('/flaky') }])).toMatchObject({ state: 'holds' })
  })

  test('what does not hold is named with its step and what was got', async () => {
    const steps = [{ action: http('/') }, { action: http('/moved') }]
    expect(await run(steps, soon)).toMatchObject({
      state: 'fails',
      step: 2,
      source: 'landfall.yaml#/checks/order/steps/1',
      message: `step 2, GET ${base}/moved: status 302 instead of 2xx; got: moved`,
    })
  })

  test('method, headers and body arrive as they are', async () => {
    const text = 'a "quoted" \\ line\nand\ttab \r\n@/etc/hostname ä'
    const headers = { 'X-Empty': '', 'X-Quote': '"a\\b"', 'Content-Type': 'text/csv' }
    await run([
      { action: http('/in/../{x}[1-2]?a=b%20c', { method: 'PUT', headers, send: { text } }) },
    ])
    const last = seen.at(-1)
    expect(last).toMatchObject({ method: 'PUT', url: '/in/../{x}[1-2]?a=b%20c', body: text })
    expect(last?.headers).toMatchObject({
      'x-empty': '',
      'x-quote': '"a\\b"',
      'content-type': 'text/csv',
    })
    expect(last?.headers).not.toHaveProperty('expect')
  })

  test('JSON has its content type', async () => {
    await run([{ action: http('/', { method: 'POST', send: { json: [1] } }) }])
    expect(seen.at(-1)).toMatchObject({ body: '[1]' })
    expect(seen.at(-1)?.headers['content-type']).toBe('application/json')
  })

  test('secrets are not in messages, nor are captured ones', async () => {
    const retries: string[] = []
    const result = await run(
      [
        {
          action: http('/orders', { method: 'POST' }),
          capture: { token: { json: '/token' } },
        },
        {
          action: http('/echo', {
            method: 'POST',
            headers: { Authorization: 'Bearer s3cr3t-value' },
            send: { text: '{{token}}' },
          }),
        },
      ],
      { ...soon, secrets: ['s3cr3t-value'] },
      retries,
    )
    expect(result.state).toBe('fails')
    const all = [result.message, ...retries].join('\n')
    expect(all).toContain('you sent Bearer *** and ***')
    expect(all).not.toMatch(/s3cr3t|tok-01/)
  })

  test.each<[string, () => CheckAction, RegExp]>([
    ['a response that is too large', () => http('/large'), /larger than 1024 KiB/],
    [
      'a port that refuses',
      () => http('http://127.0.0.1:1/'),
      /Failed to connect|Could not connect|refused/,
    ],
    ['a name that is not there', () => http('http://nowhere.invalid/'), /Could not resolve host/],
    ['what is no HTTP server', () => http(`http://127.0.0.1:${ports.talking}/`), /HTTP/],
    ['a server that hangs', () => http(`http://127.0.0.1:${ports.silent}/`), /timed out/],
    ['tcp', () => ({ kind: 'tcp', host: '127.0.0.1', port: 1 }), /: \S+/],
    ['dns', () => ({ kind: 'dns', host: 'nowhere.invalid' }), /does not resolve/],
  ])('%s', async (_, action, message) => {
    const result = await run([{ action: action() }], soon)
    expect(result).toMatchObject({ state: 'fails', message: expect.stringMatching(message) })
  })

  test('a port that accepts, and a name that resolves', async () => {
    for (const port of Object.values(ports))
      expect(await run([{ action: { kind: 'tcp', host: '127.0.0.1', port } }])).toMatchObject({
        state: 'holds',
      })
    expect(await run([{ action: { kind: 'dns', host: 'localhost' } }])).toMatchObject({
      state: 'holds',
    })
  })

  test('a captured value adds no header, and no other host than it says', async () => {
    const next = { capture: { next: { json: '/next' } }, action: http('/lines') }
    const injected = await run(
      [next, { action: http('/', { headers: { 'X-A': '{{next}}' } }) }],
      soon,
    )
    expect(injected).toMatchObject({ state: 'fails', step: 2 })
    expect(injected.message).toContain('has a line break')
    const file = await run([next, { action: http('/', { url: 'file:///etc/{{next}}' }) }], soon)
    expect(file.message).toContain('no host')
    expect(seen.some(({ headers }) => 'x-injected' in headers)).toBe(false)
  })
})

test('what cannot be found out does not hold, and is not tried again', async () => {
  const action = {
    kind: 'command',
    service: 'db',
    container: 'db',
    pods: {},
    command: ['a'],
  } as const
  const result = await run([{ action: { ...action, command: ['a'] } }])
  expect(result).toMatchObject({ state: 'unknown', message: 'a in db: no cluster', hint: 'up' })
})
