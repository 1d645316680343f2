import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { tarArchive } from '@landfall/image'
import { Agent } from 'undici'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { type InstallOptions, installRelease } from './install.ts'
import { releaseDirectory } from './installed.ts'
import { program, type ReleaseServer, sha256, startReleaseServer } from './release-server.ts'
import type { ReleaseFile } from './table.ts'

let server: ReleaseServer
let cache: string
const dispatcher = new Agent()
beforeAll(async () => {
  server = await startReleaseServer()
})
beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), 'landfall-releases-'))
  mkdirSync(join(cache, 'releases'))
  server.files.clear()
  server.faults.clear()
  server.requests.length = 0
})
afterEach(() => rmSync(cache, { recursive: true }))
afterAll(async () => {
  await dispatcher.close()
  await server.close()
})

const content = program('amd64', 100_000)

function release(overrides: Partial<ReleaseFile> = {}, served = content): ReleaseFile {
  server.files.set('/v1/tool', served)
  return {
    name: 'tool',
    version: '1.0.0',
    architecture: 'amd64',
    url: `${server.url}/v1/tool`,
    sha256: sha256(content),
    limitMiB: 1,
    ...overrides,
  }
}

function install(file: ReleaseFile, overrides: Partial<InstallOptions> = {}): Promise<string> {
  return installRelease(file, {
    cacheDirectory: cache,
    place: { kind: 'hosts' },
    dispatcher,
    signal: AbortSignal.timeout(60_000),
    onBytes: () => {},
    clock: { now: () => 0, sleep: async () => {} },
    ...overrides,
  })
}

/** What is in the cache, and where a release would be. */
const left = () => readdirSync(join(cache, 'releases')).sort()
const at = (file: ReleaseFile) => releaseDirectory(cache, file)

test('a program is downloaded once, verified, executable, and alone in the cache', async () => {
  const file = release()
  const directory = await install(file)
  expect(directory).toBe(at(file))
  expect(readFileSync(join(directory, 'tool'))).toEqual(content)
  expect(lstatSync(join(directory, 'tool')).mode & 0o111).not.toBe(0)
  await install(file)
  expect(server.requests).toEqual(['GET /v1/tool'])
  expect(left()).toHaveLength(1)
})

test('another checksum is refused after a second attempt; nothing is installed, and the next run converges', async () => {
  const file = release({}, program('amd64', 100_000, 9))
  await expect(install(file)).rejects.toThrow(/checksum mismatch: sha256 is .* expected/)
  expect(server.requests).toHaveLength(2)
  expect(left()).toEqual([])
  await install(release())
  expect(left()).toHaveLength(1)
})

test('a file that is cut continues where it stopped', async () => {
  const file = release()
  server.faults.set('/v1/tool', { kind: 'cut', after: 40_000, times: 2 })
  const directory = await install(file)
  expect(readFileSync(join(directory, 'tool'))).toEqual(content)
  expect(server.requests[0]).toBe('GET /v1/tool')
  expect(server.requests.at(-1)).toMatch(/^GET \/v1\/tool bytes=\d+-$/)
})

test('a server that cuts each time is an error with the address; the next run continues', async () => {
  const file = release()
  server.faults.set('/v1/tool', { kind: 'cut', after: 1000, times: 100 })
  await expect(install(file)).rejects.toThrow(file.url)
  expect(existsSync(at(file))).toBe(false)
  server.faults.clear()
  server.requests.length = 0
  await install(file)
  expect(server.requests).toEqual([expect.stringMatching(/bytes=\d+-/)])
})

test('a file that has changed on the server is downloaded from its beginning', async () => {
  const file = release({}, program('amd64', 100_000, 9))
  server.faults.set('/v1/tool', { kind: 'cut', after: 1000, times: 100 })
  await expect(install(file)).rejects.toThrow()
  server.faults.clear()
  server.files.set('/v1/tool', content)
  const directory = await install(file)
  expect(readFileSync(join(directory, 'tool'))).toEqual(content)
})

test('404 is an error with the address, after one request', async () => {
  const file = release()
  server.faults.set('/v1/tool', { kind: 'status', status: 404 })
  await expect(install(file)).rejects.toThrow(`${file.url}: the server responds with 404`)
  expect(server.requests).toHaveLength(1)
  expect(left()).toEqual([])
})

test('a busy server is tried again', async () => {
  const file = release()
  server.faults.set('/v1/tool', { kind: 'status', status: 503 })
  await expect(install(file)).rejects.toThrow('responds with 503')
  expect(server.requests).toHaveLength(4)
})

const pace = { windowMs: 300, leastBytes: 1024 }

test.each([{ kind: 'drip', everyMs: 50 } as const, { kind: 'hang', after: 10 } as const])(
  'a server that sends too slowly ($kind) is an error, not a wait without an end',
  async (fault) => {
    const file = release()
    server.faults.set('/v1/tool', fault)
    await expect(install(file, { pace })).rejects.toThrow('less than 1 KiB arrived in 0.3 s')
    expect(existsSync(at(file))).toBe(false)
  },
)

test('a file that is larger than the table allows is refused', async () => {
  const file = release({}, program('amd64', 2 * 1024 ** 2))
  await expect(install(file)).rejects.toThrow('larger than 1 MiB')
  expect(left()).toEqual([])
})

test('a program for another processor is refused, though its checksum is right', async () => {
  const other = program('arm64', 5000)
  const file = release({ sha256: sha256(other) }, other)
  await expect(install(file)).rejects.toThrow('it is a program for arm64, not for amd64')
  expect(left()).toEqual([])
})

test('what is not a program is refused, though its checksum is right', async () => {
  const page = Buffer.from('<!doctype html><title>Sign in</title>')
  const file = release({ sha256: sha256(page) }, page)
  await expect(install(file)).rejects.toThrow('it is not a Linux program')
})

test('a redirect is followed', async () => {
  const file = release()
  server.files.set('/elsewhere', content)
  server.faults.set('/v1/tool', { kind: 'redirect', to: '/elsewhere' })
  await install(file)
  expect(server.requests).toEqual(['GET /v1/tool', 'GET /elsewhere'])
})

test('two at once download it once', async () => {
  const file = release()
  const [one, two] = await Promise.all([install(file), install(file)])
  expect(one).toBe(two)
  expect(server.requests).toEqual(['GET /v1/tool'])
})

test('links that someone put into the cache are neither followed nor used', async () => {
  const file = release()
  const outside = join(cache, 'outside')
  mkdirSync(outside)
  writeFileSync(join(outside, 'tool'), content)
  writeFileSync(join(outside, 'victim'), 'untouched')
  symlinkSync(outside, at(file))
  symlinkSync(join(outside, 'victim'), `${at(file)}.part`)
  symlinkSync(join(outside, 'victim'), `${at(file)}.part.json`)
  symlinkSync(outside, `${at(file)}.unfinished`)
  const directory = await install(file)
  expect(lstatSync(directory).isDirectory()).toBe(true)
  expect(readdirSync(outside).sort()).toEqual(['tool', 'victim'])
  expect(readFileSync(join(outside, 'victim'), 'utf8')).toBe('untouched')
})

test('a program that was changed in the cache is downloaded again', async () => {
  const file = release()
  const directory = await install(file)
  writeFileSync(join(directory, 'tool'), 'other')
  await install(file)
  expect(readFileSync(join(directory, 'tool'))).toEqual(content)
})

test('of an archive only the wanted programs are unpacked, and no path of it is used', async () => {
  const archive = gzipSync(
    await tarArchive([
      { path: '../escape', type: 'file', content: 'x' },
      { path: './bin/tool', type: 'file', content, mode: 0o644 },
      { path: 'bin/other', type: 'file', content: 'x' },
    ]),
  )
  const members = { 'bin/tool': 'tool' }
  const file = release({ sha256: sha256(archive), members }, archive)
  const directory = await install(file)
  expect(readdirSync(directory).sort()).toEqual(['release.json', 'tool'])
  expect(left()).toHaveLength(1)
})

test('an archive without the program is refused', async () => {
  const archive = gzipSync(await tarArchive([{ path: 'a', type: 'file', content: 'x' }]))
  const file = release({ sha256: sha256(archive), members: { 'bin/tool': 'tool' } }, archive)
  await expect(install(file)).rejects.toThrow('there is no bin/tool in it')
  expect(left()).toEqual([])
})

test('a checksum that only the release publishes is not accepted over http', async () => {
  const { sha256: _, ...file } = release({ checksums: `${server.url}/v1/SHA256SUMS` })
  server.files.set('/v1/SHA256SUMS', Buffer.from(`${sha256(content)}  tool\n`))
  await expect(install(file)).rejects.toThrow('is not https')
  expect(server.requests).toEqual([])
})

test('from a directory with copies, also its checksum file is read', async () => {
  const { sha256: _, ...file } = release({ checksums: `${server.url}/v1/SHA256SUMS` })
  const copies = join(cache, 'copies')
  const { host } = new URL(server.url)
  mkdirSync(join(copies, host, 'v1'), { recursive: true })
  writeFileSync(join(copies, host, 'v1/tool'), content)
  writeFileSync(join(copies, host, 'v1/SHA256SUMS'), `${sha256(content)}  tool\n`)
  const directory = await install(file, { place: { kind: 'directory', path: copies } })
  expect(readFileSync(join(directory, 'tool'))).toEqual(content)
  expect(server.requests).toEqual([])
})

test('what a mirror does not have comes from the host of the release', async () => {
  const file = release()
  const directory = await install(file, { place: { kind: 'mirror', url: `${server.url}/copies` } })
  expect(readFileSync(join(directory, 'tool'))).toEqual(content)
  expect(server.requests).toEqual([
    `GET /copies/${new URL(server.url).host}/v1/tool`,
    'GET /v1/tool',
  ])
})
