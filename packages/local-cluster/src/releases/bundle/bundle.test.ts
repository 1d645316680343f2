import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { tarArchive } from '@landfall/image'
import { create } from 'tar'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { installReleases } from '../install-all.ts'
import { program, type ReleaseServer, sha256, startReleaseServer } from '../release-server.ts'
import { type ReleaseFile, type ReleaseTable, releaseNames } from '../table.ts'
import { MANIFEST, manifestOf } from './manifest.ts'
import { withBundle } from './open.ts'
import { writeBundle } from './write.ts'

let server: ReleaseServer
let scratch: string
beforeAll(async () => {
  server = await startReleaseServer()
})
beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), 'landfall-bundle-'))
  server.files.clear()
})
afterEach(() => rmSync(scratch, { recursive: true }))
afterAll(() => server.close())

const quiet = () => {}

/** A table of small programs for this machine, which the server has. */
function table(): ReleaseTable {
  const architecture = process.arch === 'x64' ? 'amd64' : 'arm64'
  const files = releaseNames.map((name, index): ReleaseFile => {
    const content = program(architecture, 3000, index + 1)
    server.files.set(`/v1/${name}`, content)
    const url = `${server.url}/v1/${name}`
    return { name, version: '1', architecture, url, sha256: sha256(content), limitMiB: 1 }
  })
  return { files }
}

function write(trusted: ReleaseTable): Promise<string> {
  const [{ architecture = '' } = {}] = trusted.files
  const options = {
    cacheDirectory: scratch,
    table: trusted,
    place: { kind: 'hosts' },
    env: {},
  } as const
  return writeBundle(join(scratch, 'b.tar'), architecture, options, quiet)
}

function open(trusted: ReleaseTable): Promise<Record<string, string>> {
  const cacheDirectory = join(scratch, 'cache')
  return withBundle(join(scratch, 'b.tar'), trusted, cacheDirectory, (place) =>
    installReleases({ cacheDirectory, table: trusted, place, env: {} }, quiet),
  )
}

test('a bundle has all that is installed from it, without a network', async () => {
  const trusted = table()
  expect(await write(trusted)).toBe(sha256(readFileSync(join(scratch, 'b.tar'))))
  const contents = new Map(server.files)
  server.files.clear()
  const directories = await open(trusted)
  for (const name of releaseNames)
    expect(readFileSync(join(directories[name] ?? '', name))).toEqual(contents.get(`/v1/${name}`))
  expect(readdirSync(join(scratch, 'cache'))).toEqual(['releases'])
})

test('a release that cannot be had is an error, no bundle is left, and the next run downloads the rest', async () => {
  const trusted = table()
  const etcd = server.files.get('/v1/etcd') ?? Buffer.alloc(0)
  server.files.delete('/v1/etcd')
  await expect(write(trusted)).rejects.toThrow('/v1/etcd: the server responds with 404')
  const [kept = '', ...others] = readdirSync(scratch)
  expect(others).toEqual([])
  const { host } = new URL(server.url)
  const present = readdirSync(join(scratch, kept, host, 'v1')).filter((name) => !/part/.test(name))
  server.files.set('/v1/etcd', etcd)
  server.requests.length = 0
  await write(trusted)
  for (const name of present) expect(server.requests).not.toContain(`GET /v1/${name}`)
  expect(server.requests).toContain('GET /v1/etcd')
  expect(readdirSync(scratch)).toEqual(['b.tar'])
})

test('the cause of a failure is reported, not the downloads that end with it', async () => {
  const trusted = table()
  for (const name of releaseNames.slice(0, -1))
    server.faults.set(`/v1/${name}`, { kind: 'drip', everyMs: 20 })
  server.files.delete(`/v1/${releaseNames.at(-1)}`)
  try {
    await expect(write(trusted)).rejects.toThrow('the server responds with 404')
  } finally {
    server.faults.clear()
  }
})

test('a bundle of other versions, or for another kind of processor, is refused', async () => {
  const trusted = table()
  await write(trusted)
  const newer = trusted.files.map((file) => ({ ...file, version: '2' }))
  await expect(open({ files: newer })).rejects.toThrow(
    'b.tar has kube-apiserver 1, but 2 is needed',
  )
  const other = trusted.files.map((file) => ({ ...file, architecture: 'arm64' }))
  const mine = trusted.files.map((file) => ({ ...file, architecture: 'amd64' }))
  await write({ files: process.arch === 'x64' ? other : mine })
  await expect(open(trusted)).rejects.toThrow('; this machine is linux/')
})

test('a bundle with a changed file is refused, and nothing of it is installed', async () => {
  const trusted = table()
  await write(trusted)
  const manifest = JSON.stringify(manifestOf(trusted.files, trusted.files[0]?.architecture ?? ''))
  const { host } = new URL(server.url)
  const archive = await tarArchive([
    { path: MANIFEST, type: 'file', content: manifest },
    ...trusted.files.map(({ name }) => ({
      path: `${host}/v1/${name}`,
      type: 'file' as const,
      content:
        name === 'runc' ? program('amd64', 3000, 99) : (server.files.get(`/v1/${name}`) ?? ''),
    })),
  ])
  writeFileSync(join(scratch, 'b.tar'), archive)
  await expect(open(trusted)).rejects.toThrow(/runc: checksum mismatch/)
})

test('what is not a bundle is refused', async () => {
  writeFileSync(join(scratch, 'b.tar'), 'text')
  await expect(open(table())).rejects.toThrow('b.tar')
  writeFileSync(join(scratch, 'other'), 'x')
  await create({ file: join(scratch, 'b.tar'), cwd: scratch }, ['other'])
  await expect(open(table())).rejects.toThrow(`there is no ${MANIFEST} in it`)
})
