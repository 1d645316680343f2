import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { type ReleaseServer, startReleaseServer } from '../releases/release-server.ts'
import { type FetchFileOptions, fetchFile } from './fetch-file.ts'

let server: ReleaseServer
let cacheDirectory = ''
beforeAll(async () => {
  server = await startReleaseServer()
})
beforeEach(() => {
  cacheDirectory = mkdtempSync(join(tmpdir(), 'landfall-downloads-'))
  server.files.set('/x.tar.gz', content)
  server.faults.clear()
  server.requests.length = 0
})
afterEach(() => rmSync(cacheDirectory, { recursive: true }))
afterAll(() => server.close())

const content = Buffer.alloc(300_000, 'content')
const sum = (bytes: Buffer, algorithm: string): string =>
  createHash(algorithm).update(bytes).digest('hex')
const sha256 = { algorithm: 'sha256', hex: sum(content, 'sha256') } as const
const sha512 = { algorithm: 'sha512', hex: sum(content, 'sha512') } as const
const clock = { now: () => 0, sleep: async () => {} }

function fetched(path: string, options: Partial<FetchFileOptions> = {}) {
  const url = path.startsWith('/') ? server.url + path : path
  return fetchFile(url, { cacheDirectory, env: {}, clock, ...options })
}

const left = (): string[] => readdirSync(join(cacheDirectory, 'downloads'))

test.each([sha256, sha512])('a file with its $algorithm is downloaded once', async (checksum) => {
  const first = await fetched('/x.tar.gz', { checksum })
  if (first.kind !== 'file') throw new Error(JSON.stringify(first))
  expect(readFileSync(first.file)).toEqual(content)
  expect(await fetched('/x.tar.gz', { checksum })).toEqual(first)
  expect(await fetched('/x.tar.gz', { checksum, offline: true })).toEqual(first)
  expect(server.requests).toEqual(['GET /x.tar.gz'])
  expect(left()).toEqual([`${checksum.algorithm}-${checksum.hex}`])
})

test('without a checksum it is kept under its own, with which it is not downloaded again', async () => {
  const first = await fetched('/x.tar.gz')
  expect(first).toMatchObject({ kind: 'file', checksum: sha512 })
  expect(await fetched('/x.tar.gz', { checksum: sha512 })).toEqual(first)
  expect(server.requests).toHaveLength(1)
})

test('another file than expected is not kept, and its checksum is known', async () => {
  const checksum = { algorithm: 'sha256', hex: '0'.repeat(64) } as const
  expect(await fetched('/x.tar.gz', { checksum })).toEqual({ kind: 'other', checksum: sha256 })
  expect(left()).toEqual([])
})

test('a file of the cache that was changed is downloaded again', async () => {
  const first = await fetched('/x.tar.gz', { checksum: sha256 })
  if (first.kind !== 'file') throw new Error(JSON.stringify(first))
  writeFileSync(first.file, 'changed')
  expect(await fetched('/x.tar.gz', { checksum: sha256 })).toEqual(first)
  expect(readFileSync(first.file)).toEqual(content)
})

test('a cut download is continued at once', async () => {
  server.faults.set('/x.tar.gz', { kind: 'cut', after: 100_000, times: 2 })
  expect(await fetched('/x.tar.gz', { checksum: sha256 })).toMatchObject({ kind: 'file' })
  const ranges = server.requests.map((request) => /bytes=(\d+)-/.exec(request)?.[1])
  expect(ranges[0]).toBeUndefined()
  expect(Number(ranges.at(-1))).toBeGreaterThan(0)
})

test('what an interrupted command left is continued by the next one, and begun again if the file is another one', async () => {
  server.faults.set('/x.tar.gz', { kind: 'cut', after: 50_000, times: 3 })
  const cut = await fetched('/x.tar.gz', { checksum: sha256 })
  expect(cut.kind).toBe('problem')
  server.faults.clear()
  server.requests.length = 0
  expect(await fetched('/x.tar.gz', { checksum: sha256 })).toMatchObject({ kind: 'file' })
  expect(server.requests[0]).toContain('bytes=')
  const other = Buffer.alloc(300_000, 'another')
  server.faults.set('/x.tar.gz', { kind: 'cut', after: 50_000, times: 3 })
  await fetched('/x.tar.gz')
  server.faults.clear()
  server.files.set('/x.tar.gz', other)
  const found = await fetched('/x.tar.gz')
  expect(found).toMatchObject({ kind: 'file', checksum: { hex: sum(other, 'sha512') } })
})

test('several at once do it once', async () => {
  const all = await Promise.all([1, 2, 3].map(() => fetched('/x.tar.gz', { checksum: sha256 })))
  expect(all.map(({ kind }) => kind)).toEqual(['file', 'file', 'file'])
  expect(server.requests).toEqual(['GET /x.tar.gz'])
})

test('proxies of the environment are used', async () => {
  const asked: string[] = []
  const proxy = createServer((socket) => {
    socket.once('data', (bytes) => {
      asked.push(bytes.toString().split('\r\n')[0] ?? '')
      socket.end('HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n')
    })
  })
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  const env = { https_proxy: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}` }
  const found = await fetched('https://releases.example/x.tar.gz', { env })
  proxy.close()
  expect(found.kind).toBe('problem')
  expect(asked[0]).toBe('CONNECT releases.example:443 HTTP/1.1')
})

test.each([
  ['http://releases.example/x.tar.gz', 'http is not accepted, because others can change'],
  ['ftp://releases.example/x.tar.gz', 'ftp is not accepted: use https'],
  ['https://me:hunter2@releases.example/x.tar.gz', 'it has a login, which would be in the project'],
  ['https://', 'it is not a valid address'],
])('%s is a problem, and nothing is contacted', async (url, problem) => {
  const found = await fetched(url)
  expect(found).toEqual({ kind: 'problem', problem: expect.stringContaining(problem) })
  expect(existsSync(join(cacheDirectory, 'downloads'))).toBe(false)
})

test.each([
  ['http://releases.example/y', 'it redirects to http://releases.example, and http is not left'],
  ['ftp://127.0.0.1/y', 'scheme'],
  ['file:///etc/passwd', 'scheme'],
])('a redirect to %s is not followed', async (to, problem) => {
  server.faults.set('/x.tar.gz', { kind: 'redirect', to })
  const found = await fetched('/x.tar.gz')
  expect(found).toMatchObject({ kind: 'problem', problem: expect.stringContaining(problem) })
})

test('a redirect on the same machine is followed', async () => {
  server.faults.set('/y.tar.gz', { kind: 'redirect', to: `${server.url}/x.tar.gz` })
  expect(await fetched('/y.tar.gz', { checksum: sha256 })).toMatchObject({ kind: 'file' })
})

test.each([
  ['/absent.tar.gz', {}, 'the server responds with 404'],
  ['/x.tar.gz', { limit: 1000 }, 'larger than 0 MiB'],
  ['/x.tar.gz', { offline: true, checksum: sha256 }, 'it is not in the cache'],
])('%s with %j is a problem that leaves nothing', async (path, options, problem) => {
  const found = await fetched(path, options)
  expect(found).toEqual({ kind: 'problem', problem: expect.stringContaining(problem) })
  if (existsSync(join(cacheDirectory, 'downloads'))) expect(left()).toEqual([])
})
