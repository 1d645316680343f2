import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
} from 'node:fs'
import type { Server } from 'node:http'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defaultOptions, prepare } from '@landfall/local-cluster'
import { landfall, repository, run } from '@landfall/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { releaseFiles, releaseTable } from '../../packages/local-cluster/src/releases/table.ts'
import { locate } from '../../packages/local-cluster/src/releases/transfer/place.ts'
import { packReleases, serve } from './pack.ts'

const scratch = mkdtempSync(join(tmpdir(), 'landfall-releases-'))
const mirror = join(scratch, 'mirror')
const cache = join(scratch, 'cache/landfall')
let server: Server
let table: string
let env: Record<string, string>
const cluster = ['--cluster', 'releases']

beforeAll(async () => {
  const { cacheDirectory } = defaultOptions(process.env)
  table = await packReleases(mirror, await builtPrograms(cacheDirectory))
  const served = await serve(mirror)
  server = served.server
  env = {
    XDG_CACHE_HOME: dirname(cache),
    XDG_STATE_HOME: join(scratch, 'state'),
    LANDFALL_MIRROR: served.url,
  }
  mkdirSync(cache, { recursive: true })
  // Images that are made from packages are not measured.
  for (const name of ['package-registry', 'images', 'builder', 'debian'])
    if (existsSync(join(cacheDirectory, name)))
      await run('cp', ['-al', join(cacheDirectory, name), cache])
})
afterAll(async () => {
  await landfall(['cluster', 'down', ...cluster, '--volumes'], { env })
  server.close()
  rmSync(scratch, { recursive: true, force: true })
})

/** Paths of the programs that a source build made, by the names that releases give them. */
async function builtPrograms(cacheDirectory: string): Promise<Record<string, string>> {
  const { programs, tools } = await prepare(cacheDirectory, () => {})
  const found: Record<string, string> = { coredns: programs.coredns, kubectl: programs.kubectl }
  // Releases have a file for each program, and the source build one for all of them: what is served calls it.
  const call = join(scratch, 'call')
  const source = fileURLToPath(new URL('call.go', import.meta.url))
  const flags = ['-ldflags', `-X main.kube=${programs.components.etcd[0]}`]
  const built = await run('go', ['build', ...flags, '-o', call, source], {
    env: { CGO_ENABLED: '0', GOWORK: 'off' },
  })
  if (built.code !== 0) throw new Error(built.stderr)
  for (const name of Object.keys(programs.components)) found[name] = call
  const beside = dirname(tools.containerd)
  for (const name of ['containerd', 'ctr', 'containerd-shim-runc-v2'])
    found[name] = join(beside, name)
  for (const name of ['host-local', 'loopback', 'portmap', 'ptp'])
    found[name] = join(tools.cni, name)
  found.runc = join(beside, '../sbin/runc')
  return { ...found, registry: tools.registry }
}

test('a file with another checksum is refused, and nothing is installed of it', async () => {
  const path = locate(releaseFiles(releaseTable).runc.url, { kind: 'directory', path: mirror })
  cpSync(path, `${path}.good`)
  appendFileSync(path, 'x')
  const args = ['cluster', 'up', ...cluster, '--download', '--releases', table]
  const { code, stderr } = await landfall(args, { env })
  expect(code).toBe(1)
  expect(stderr).toContain('checksum mismatch')
  expect(readdirSync(join(cache, 'releases')).filter((name) => name.startsWith('runc'))).toEqual([])
  cpSync(`${path}.good`, path)
})

test('cluster prepare fills a cache from a mirror and starts nothing; the second time there is nothing to do', async () => {
  const prepared = join(scratch, 'prepared/landfall')
  mkdirSync(prepared, { recursive: true })
  const { cacheDirectory } = defaultOptions(process.env)
  await run('cp', ['-al', join(cacheDirectory, 'debian'), prepared])
  const args = ['cluster', 'prepare', '--releases', table]
  const own = { XDG_CACHE_HOME: dirname(prepared), XDG_STATE_HOME: join(scratch, 'no-state') }
  const prepare = () => landfall(args, { env: { ...env, ...own } })
  const first = await prepare()
  expect(first.code, first.stderr).toBe(0)
  expect(first.stderr).toContain('downloading Kubernetes')
  expect(readdirSync(join(prepared, 'releases')).length).toBe(
    Object.keys(releaseFiles(releaseTable)).length,
  )
  expect(existsSync(join(scratch, 'no-state'))).toBe(false)
  const again = await prepare()
  expect(again).toMatchObject({ code: 0, stderr: '' })
})

test('from a mirror to the shop that is ready; the cluster stops and starts again without the mirror', async () => {
  const begun = performance.now()
  const shop = ['up', join(repository, 'examples/shop'), '--local', ...cluster]
  const deployed = await landfall([...shop, '--releases', table], { env })
  expect(deployed.code, deployed.stderr).toBe(0)
  process.stderr.write(
    `from an empty cache to the shop that is ready: ${((performance.now() - begun) / 1000).toFixed(0)} s\n`,
  )
  expect(deployed.stderr).toContain('official binaries are downloaded')
  // The registries run first, so that images are built while the cluster starts.
  expect(deployed.stderr).toMatch(/building shop-api\n[\s\S]*starting cluster releases: done/)
  server.close()
  const down = await landfall(['cluster', 'down', ...cluster], { env })
  expect(down.code, down.stderr).toBe(0)
  const again = await landfall(['cluster', 'up', ...cluster], { env })
  expect(again.code, again.stderr).toBe(0)
})

test('a bundle that the command makes from a mirror starts a cluster where no host responds', async () => {
  const served = await serve(mirror)
  const bundle = join(scratch, 'bundle.tar')
  const made = await landfall(['cluster', 'bundle', '-o', bundle, '--releases', table], {
    env: { ...env, LANDFALL_MIRROR: served.url },
  })
  served.server.close()
  expect(made.code, made.stderr).toBe(0)
  rmSync(join(cache, 'releases'), { recursive: true })
  const offline = { ...env, LANDFALL_MIRROR: served.url }
  const args = ['cluster', 'up', ...cluster, '--bundle', bundle, '--releases', table]
  const up = await landfall(args, { env: offline })
  expect(up.code, up.stderr).toBe(0)
  expect(up.stderr).toContain('unpacking Kubernetes')
})
