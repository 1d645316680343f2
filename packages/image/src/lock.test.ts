import { expect, test } from 'vitest'
import { type ImageFacts, parseLock, printLock } from './index.ts'

test('a lock file reads as it was written, whatever the order of its images', () => {
  const redis: ImageFacts = { digest: 'sha256:1', ports: ['6379/tcp'] }
  const accounts = { users: { app: { uid: 7, gid: 8 } }, groups: { app: 8 } }
  const nginx: ImageFacts = { accounts, digest: 'sha256:2', healthcheck: { test: ['NONE'] } }
  const text = printLock(
    new Map([
      ['redis:7', redis],
      ['nginx', nginx],
    ]),
  )
  expect(text).toBe(
    printLock(
      new Map([
        ['nginx', nginx],
        ['redis:7', redis],
      ]),
    ),
  )
  expect(parseLock(text)).toEqual({
    lock: new Map([
      ['nginx', nginx],
      ['redis:7', redis],
    ]),
    oneShots: [],
    contexts: new Map(),
    diagnostics: [],
  })
})

test('services that ended are named after the images, sorted and once', () => {
  const text = printLock(new Map(), ['setup', 'init', 'setup'])
  expect(JSON.parse(text)).toEqual({ version: 1, images: {}, oneShots: ['init', 'setup'] })
  expect(parseLock(text).oneShots).toEqual(['init', 'setup'])
  expect(printLock(new Map())).not.toContain('oneShots')
})

test('revisions of build contexts are written sorted, and read again', () => {
  const contexts = new Map([
    ['https://h.io/b.tar.gz', `sha256:${'1'.repeat(64)}`],
    ['https://h.io/a.git#main', '2'.repeat(40)],
  ])
  const text = printLock(new Map(), [], contexts)
  expect(Object.keys(JSON.parse(text).contexts)).toEqual([...contexts.keys()].sort())
  expect(parseLock(text).contexts).toEqual(new Map([...contexts].sort()))
})

test.each(['"x"', '["x"]', '{"a": "main"}', '{"a": 1}'])(
  'build contexts like %s are an error',
  (contexts) => {
    const parsed = parseLock(`{"version": 1, "images": {}, "contexts": ${contexts}}`)
    expect(parsed.contexts.size).toBe(0)
    expect(parsed.diagnostics).toMatchObject([{ severity: 'error', path: '/contexts' }])
  },
)

test.each(['"setup"', '[1]', '{}'])('one-shots like %s are an error', (oneShots) => {
  const parsed = parseLock(`{"version": 1, "images": {}, "oneShots": ${oneShots}}`)
  expect(parsed.oneShots).toEqual([])
  expect(parsed.diagnostics).toMatchObject([{ severity: 'error', path: '/oneShots' }])
})

test.each(['', '{', '[]', 'null', '{"version": 2, "images": {}}', '{"version": 1}'])(
  'the text %j is told as one error',
  (text) => {
    const { lock, diagnostics } = parseLock(text)
    expect(lock.size).toBe(0)
    expect(diagnostics).toMatchObject([{ code: 'image/lock-syntax', severity: 'error' }])
  },
)

test.each([
  'a text',
  { ports: '80/tcp' },
  { environment: { A: 1 } },
  { healthcheck: {} },
  { healthcheck: { test: ['CMD'], retries: 'three' } },
  { accounts: { users: { app: 7 }, groups: {} } },
])('facts like %j are told, and the others are used', (facts) => {
  const text = JSON.stringify({ version: 1, images: { 'a:1': facts, 'b:1': { user: 'b' } } })
  const { lock, diagnostics } = parseLock(text)
  expect([...lock.keys()]).toEqual(['b:1'])
  expect(diagnostics).toMatchObject([{ severity: 'error', path: '/images/a:1' }])
})
