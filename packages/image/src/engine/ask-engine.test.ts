import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type RequestListener, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { askEngine } from './ask-engine.ts'

const closing: (() => void)[] = []
afterEach(() => {
  for (const close of closing.splice(0)) close()
})

/** An HTTP server on a Unix socket in the place of an engine's, and a question to it. */
async function engine(listener: RequestListener, patience = 60_000) {
  const directory = mkdtempSync(join(tmpdir(), 'landfall-engine-'))
  const socketPath = join(directory, 'docker.sock')
  const asked: string[] = []
  const server = createServer((incoming, response) => {
    asked.push(`${incoming.method} ${incoming.url}`)
    listener(incoming, response)
  })
  await new Promise<void>((resolve) => server.listen(socketPath, resolve))
  closing.push(() => {
    server.closeAllConnections()
    server.close()
    rmSync(directory, { recursive: true, force: true })
  })
  const ask = askEngine(
    (path, signal) =>
      new Promise((resolve, reject) => {
        const sent = request({ socketPath, path, signal }, (response) => {
          response.on('error', () => {})
          resolve({ status: response.statusCode ?? 0, body: response })
        })
        sent.on('error', reject)
        sent.end()
      }),
    patience,
  )
  return { ask, asked }
}

const answer = {
  Id: `sha256:${'1'.repeat(64)}`,
  RepoTags: ['web:latest'],
  Os: 'linux',
  Architecture: 'amd64',
  Config: {
    User: 'app',
    ExposedPorts: { '8080/tcp': {} },
    Env: ['A=b'],
    Cmd: ['serve'],
    Volumes: { '/data': {} },
    Healthcheck: { Test: ['CMD', 'true'], Interval: 5_000_000_000 },
  },
}

test('facts of an image that exists on this machine alone', async () => {
  const { ask, asked } = await engine((_, response) => response.end(JSON.stringify(answer)))
  expect(await ask({ image: 'team/web:1' })).toEqual({
    ok: true,
    local: true,
    facts: {
      platform: 'linux/amd64',
      user: 'app',
      ports: ['8080/tcp'],
      environment: { A: 'b' },
      command: ['serve'],
      volumes: ['/data'],
      healthcheck: { test: ['CMD', 'true'], interval: '5s' },
    },
  })
  expect(asked).toEqual(['GET /images/team/web%3A1/json'])
})

test('users are not known', async () => {
  const { ask } = await engine((_, response) => response.end(JSON.stringify(answer)))
  expect(await ask({ image: 'web', accounts: true })).toMatchObject({
    ok: true,
    unread: expect.any(String),
  })
})

test('another platform is another image', async () => {
  const { ask } = await engine((_, response) => response.end(JSON.stringify(answer)))
  expect(await ask({ image: 'web', platform: 'linux/arm64' })).toEqual({
    ok: false,
    problem: 'the container engine has it for linux/amd64, not linux/arm64',
  })
})

test.each<[string, RequestListener, string]>([
  ['has no such image', (_, response) => response.writeHead(404).end('{}'), 'does not have it'],
  ['fails', (_, response) => response.writeHead(500).end('{}'), 'answered 500'],
  [
    'answers nonsense',
    (_, response) => response.end('<html>'),
    'the answer of the container engine',
  ],
  [
    'answers another type',
    (_, response) => response.end('[]'),
    'the answer of the container engine',
  ],
  [
    'answers without end',
    (_, response) => {
      const more = () => response.write(Buffer.alloc(256 * 1024, ' '))
      response.on('drain', more)
      for (let at = 0; at < 40; at++) more()
    },
    'MiB to download',
  ],
  ['breaks off', (_, response) => response.writeHead(200).socket?.destroy(), 'does not respond'],
  ['hangs', () => {}, 'does not respond'],
  ['stops in the middle', (_, response) => void response.write('{"Os":'), 'does not respond'],
])('an engine that %s', async (what, listener, problem) => {
  const { ask } = await engine(listener, /hangs|middle/.test(what) ? 300 : 60_000)
  expect(await ask({ image: 'web' })).toEqual({
    ok: false,
    problem: expect.stringContaining(problem),
  })
})

test('an engine that hangs is waited for once', async () => {
  const { ask, asked } = await engine(() => {}, 300)
  for (const image of ['a', 'b', 'c'])
    expect(await ask({ image })).toMatchObject({ problem: 'the container engine does not respond' })
  expect(asked).toHaveLength(1)
})

test('values of wrong types are left out', async () => {
  const odd = { Os: 7, Config: { User: {}, Env: 'x', ExposedPorts: { nonsense: 1 }, Cmd: [1] } }
  const { ask } = await engine((_, response) => response.end(JSON.stringify(odd)))
  expect(await ask({ image: 'web' })).toEqual({ ok: true, local: true, facts: {} })
})

test('a name that would be another request is not one of an image', async () => {
  const { ask, asked } = await engine((_, response) => response.end('{}'))
  expect(await ask({ image: '../containers/x?a=b' })).toMatchObject({ ok: false })
  expect(asked).toEqual([])
})
