import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { repository, run } from '@landfall/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'

/** The command line in a bundle of its own, so that no edit meanwhile changes what runs. */
let scratch: string
let main: string
let server: Server
let origin: string
const files = new Map<string, Buffer>()
/** Milliseconds between parts of 16 KiB. */
let pause = 0

beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), 'landfall-bundle-'))
  mkdirSync(join(scratch, 'taken'))
  main = join(scratch, 'program', 'main.js')
  await run(process.execPath, ['scripts/build.mjs', join(scratch, 'program')], { cwd: repository })
  server = createServer((request, response) => {
    const content = files.get(request.url ?? '')
    if (content === undefined) return response.writeHead(404).end()
    response.writeHead(200, { 'content-length': content.length })
    if (request.method === 'HEAD' || pause === 0) return response.end(content)
    let at = 0
    const timer = setInterval(() => {
      response.write(content.subarray(at, at + 16384))
      at += 16384
      if (at >= content.length) response.end()
    }, pause)
    return response.on('close', () => clearInterval(timer))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => {
  server.close()
  rmSync(scratch, { recursive: true })
})

const names = [
  ...['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kubelet', 'kube-proxy'],
  ...['kubectl', 'etcd', 'coredns', 'containerd', 'runc', 'cni', 'registry'],
]

/** Writes a table of releases that the server has; resolves with its path. */
function table(size: number): string {
  const entries = names.map((name) => {
    const content = Buffer.alloc(size, name)
    files.set(`/v1/${name}`, content)
    const sha256 = createHash('sha256').update(content).digest('hex')
    const about = { name, version: '1', architecture: 'arm64', limitMiB: 4 }
    return { ...about, url: `${origin}/v1/${name}`, sha256 }
  })
  const file = join(scratch, 'releases.json')
  writeFileSync(file, JSON.stringify({ files: entries }))
  return file
}

const bundle = (...args: string[]) =>
  run(process.execPath, [main, 'cluster', 'bundle', ...args], {
    cwd: scratch,
    env: { XDG_CACHE_HOME: join(scratch, 'cache') },
  })

test('cluster bundle writes one file for another kind of processor and prints its checksum', async () => {
  const { code, stdout, stderr } = await bundle(
    ...['-o', 'arm.tar', '--arch', 'arm64', '--releases', table(3000)],
  )
  expect({ code, stderr }).toMatchObject({ code: 0 })
  const content = readFileSync(join(scratch, 'arm.tar'))
  expect(stdout).toContain(`sha256:${createHash('sha256').update(content).digest('hex')}`)
  const entries = (await run('tar', ['-tf', join(scratch, 'arm.tar')])).stdout.trim().split('\n')
  const host = new URL(origin).host
  expect(entries).toEqual(['landfall-bundle.json', ...names.map((name) => `${host}/v1/${name}`)])
})

test('a slow server: lines with size, speed and the time that is left', async () => {
  pause = 1000
  const args = ['-o', 'slow.tar', '--arch', 'arm64', '--releases', table(160_000)]
  const { code, stderr } = await bundle(...args)
  pause = 0
  expect({ code, stderr }).toMatchObject({ code: 0 })
  expect(stderr).toMatch(
    /packing the releases for linux\/arm64: \d of 2 MB, [\d.]+ [kM]B\/s, \d+ s left/,
  )
})

test.each([
  ['a table that does not exist', ['--releases', 'none.json'], 'none.json does not exist'],
  ['a place that cannot be written', ['-o', 'taken'], 'cannot write taken: it is a directory'],
])('%s is one line, and nothing is downloaded', async (_, args, message) => {
  const output = args.includes('-o') ? [] : ['-o', 'x.tar']
  const given = args.includes('--releases') ? [] : ['--releases', table(3000)]
  const { code, stderr } = await bundle('--arch', 'arm64', ...output, ...given, ...args)
  expect({ code, stderr }).toEqual({ code: 1, stderr: `landfall: ${message}\n` })
})

test('where the release hosts do not respond, the message says of what a bundle is made and what to do', async () => {
  const file = table(3000)
  files.clear()
  const { code, stderr } = await bundle('-o', 'x.tar', '--arch', 'arm64', '--releases', file)
  expect(code).toBe(1)
  expect(stderr).toContain('made of official releases, not of programs that were built here')
  expect(stderr).toContain('LANDFALL_MIRROR')
})
