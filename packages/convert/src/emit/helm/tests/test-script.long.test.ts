import { execFile } from 'node:child_process'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Check, CheckStep } from '@landfall/kube'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testScript } from './test-script.ts'

// The programs of test pods in the shell of this machine, against a server.

const asked: string[] = []
const server = createServer((request, response) => {
  let body = ''
  request.on('data', (part) => {
    body += part
  })
  request.on('end', () => {
    asked.push(`${request.method} ${request.url} ${request.headers['x-one'] ?? ''} ${body}`.trim())
    response.statusCode = Number(/\d{3}/.exec(request.url ?? '')?.[0] ?? 200)
    response.end('it\'s $HOME, `id` and\r\n\r\n"two" {{ .Values }} {{name}}')
  })
})
let at = ''
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  at = `127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => server.close())

const check = (...steps: CheckStep[]): Check => ({
  ...{ name: "it's", source: 'landfall.yaml#/checks/a', withinMs: 1_000, secrets: [] },
  steps,
})
const get = (path: string, more: Partial<CheckStep> = {}): CheckStep => ({
  action: { kind: 'http', method: 'GET', url: `http://${at}${path}`, headers: {} },
  ...more,
})

function run(...steps: CheckStep[]): Promise<{ code: number; printed: string }> {
  const script = testScript(check(...steps))
  if (script === undefined) throw new Error('there is no script for it')
  return new Promise((resolve) => {
    execFile('sh', ['-c', script], (error, stdout, stderr) =>
      resolve({ code: Number(error?.code ?? 0), printed: stdout + stderr }),
    )
  })
}

test('a response with the status and the text', async () => {
  expect(await run(get('/'))).toEqual({ code: 0, printed: "it's holds\n" })
  for (const contains of ["it's $HOME", '`id`', '"two"', '{{ .Values', '\\{{name}}', 'and\r\n\r\n'])
    expect(await run(get('/', { contains })), contains).toMatchObject({ code: 0 })
  expect(await run(get('/404', { status: [200, 404] }))).toMatchObject({ code: 0 })
})

test('what does not hold is printed', async () => {
  expect(await run(get('/503'))).toEqual({
    code: 1,
    printed: `it's does not hold: http://${at}/503 answers 503\n`,
  })
  expect(await run(get('/', { status: [201] }))).toMatchObject({ code: 1 })
  // a header is no part of the body
  for (const contains of ['three', 'HTTP/1.1'])
    expect(await run(get('/', { contains }))).toEqual({
      code: 1,
      printed: `it's does not hold: the answer of http://${at}/ does not contain ${contains}\n`,
    })
  const nobody = await run({
    action: { kind: 'http', method: 'GET', url: 'http://127.0.0.1:1/', headers: {} },
  })
  expect(nobody).toMatchObject({ code: 1 })
  expect(nobody.printed).toMatch(/does not hold: curl: .*127\.0\.0\.1/)
})

test('steps one after the other, with methods, headers and bodies', async () => {
  asked.length = 0
  const post = (send: { text: string } | { json: unknown }): CheckStep => ({
    action: {
      ...{ kind: 'http', method: 'POST', url: `http://${at}/orders`, send },
      headers: { 'X-One': "it's" },
    },
  })
  const odd = 'END_OF_REQUEST\nEND_OF_REQUEST $(id)'
  expect(
    await run(post({ json: { product: "the 'kettle'" } }), post({ text: odd }), get('/')),
  ).toMatchObject({ code: 0 })
  expect(asked).toEqual([
    `POST /orders it's {"product":"the 'kettle'"}`,
    `POST /orders it's ${odd}`,
    'GET /',
  ])
})

test('connections and names', async () => {
  const port = Number(at.split(':')[1])
  const tcp = (to: number): CheckStep => ({ action: { kind: 'tcp', host: '127.0.0.1', port: to } })
  expect(await run(tcp(port))).toMatchObject({ code: 0 })
  expect(await run(tcp(1))).toEqual({
    code: 1,
    printed: "it's does not hold: 127.0.0.1:1 does not accept connections\n",
  })
  expect(await run({ action: { kind: 'dns', host: 'localhost' } })).toMatchObject({ code: 0 })
  expect(await run({ action: { kind: 'dns', host: 'no-such-name.invalid' } })).toMatchObject({
    code: 1,
  })
})

test('what takes more than curl has no script', () => {
  expect(testScript(check(get('/', { json: { '/id': 1 } })))).toBeUndefined()
  expect(testScript(check(get('/', { matches: 'a.b' })))).toBeUndefined()
  expect(testScript(check(get('/', { capture: { id: { json: '/id' } } })))).toBeUndefined()
  expect(testScript(check(get('/{{run}}')))).toBeUndefined()
  expect(testScript({ ...check(get('/')), secrets: ['a'] })).toBeUndefined()
  const command = { kind: 'command', service: 'db', container: 'db', pods: {}, command: ['true'] }
  expect(testScript(check({ action: command } as CheckStep))).toBeUndefined()
})
