import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { defaultOptions } from '../cluster/paths.ts'
import { compressLayer, layerFile, layerOf, lookUpImage, pushImage, tagsOf } from './index.ts'
import { tarArchive } from './tar.ts'

const program = registryProgram()

describe.skipIf(program === undefined)(
  'with a real registry, where a cluster was ever prepared',
  () => {
    let directory = ''
    let registry = ''
    let server: ChildProcess

    beforeAll(async () => {
      directory = mkdtempSync(join(tmpdir(), 'landfall-registry-'))
      registry = `127.0.0.1:${await freePort()}`
      const config = {
        version: 0.1,
        storage: { filesystem: { rootdirectory: join(directory, 'storage') } },
        http: { addr: registry },
      }
      writeFileSync(join(directory, 'config.yml'), JSON.stringify(config))
      server = spawn(program ?? '', ['serve', join(directory, 'config.yml')], { stdio: 'ignore' })
      await vi.waitUntil(() => answers(registry), { timeout: 10_000 })
    })
    afterAll(() => {
      server.kill()
      rmSync(directory, { recursive: true })
    })

    test('a pushed image is found under its name, with its config', async () => {
      const layers = [layerOf([{ type: 'file', path: 'hello', content: 'world' }])]
      const config = { Cmd: ['/hello'], Labels: { role: 'x' } }
      const digest = await pushImage(registry, 'docker.io/hello:1', { layers, config })
      expect(await lookUpImage(registry, 'hello:1')).toEqual({ digest, config })
      expect(await lookUpImage(registry, `hello@${digest}`)).toEqual({ digest, config })
      expect(await lookUpImage(registry, 'hello:2')).toBeUndefined()
      expect(await tagsOf(registry, 'library/hello')).toEqual(['1'])
      expect(await tagsOf(registry, 'library/nothing')).toEqual([])
    })

    test('pushing the same again gives the same digest', async () => {
      const image = () => ({
        layers: [layerOf([{ type: 'file', path: 'a', content: 'b' }])],
        config: {},
      })
      const first = await pushImage(registry, 'same:1', image())
      expect(await pushImage(registry, 'same:1', image())).toBe(first)
    })

    test('a large layer goes from a file, and is kept for the next time by its digests', async () => {
      const archive = tarArchive([
        { type: 'file', path: 'big', content: Buffer.alloc(3_000_000, 1) },
      ])
      const file = join(directory, 'layer.tar.gz')
      const layer = await compressLayer(Readable.from([archive]), file, 1)
      expect(layerOf([]).diffId).not.toBe(layer.diffId)
      const again = await layerFile(file, layer)
      expect(again.size).toBe(layer.size)
      await pushImage(registry, 'big:1', { layers: [layer, again], config: { User: '100' } })
      expect((await lookUpImage(registry, 'big:1'))?.config).toEqual({ User: '100' })
    })

    test('a layer that another image of the registry has is not sent again', async () => {
      const layer = layerOf([{ type: 'file', path: 'shared', content: 'once' }])
      await pushImage(registry, 'base:1', { layers: [layer], config: {} })
      let sent = 0
      const watched = {
        ...layer,
        open: () => {
          sent += 1
          return layer.open()
        },
      }
      const image = { layers: [watched], config: { User: '1' } }
      await pushImage(registry, 'derived:1', { ...image, layersOf: 'base:1' })
      expect(sent).toBe(0)
      await pushImage(registry, 'other:1', { ...image, layersOf: 'nothing:1' })
      expect(sent).toBe(1)
      expect((await lookUpImage(registry, 'derived:1'))?.config).toEqual({ User: '1' })
    })

    test('a refusal says what the registry said', async () => {
      const wrong = { ...layerOf([]), digest: `sha256:${'0'.repeat(64)}` }
      await expect(pushImage(registry, 'bad:1', { layers: [wrong], config: {} })).rejects.toThrow(
        /PUT .*DIGEST_INVALID/,
      )
    })
  },
)

test('a name by digest cannot be pushed', async () => {
  await expect(pushImage('127.0.0.1:9', 'a@sha256:00', { layers: [], config: {} })).rejects.toThrow(
    'it has no tag',
  )
})

/** Debian's docker-registry as the local cluster unpacks it into its cache. */
function registryProgram(): string | undefined {
  const packages = join(defaultOptions(process.env).cacheDirectory, 'debian')
  const unpacked = existsSync(packages) ? readdirSync(packages) : []
  return unpacked
    .map((name) => join(packages, name, 'usr/bin/docker-registry'))
    .find((file) => existsSync(file))
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => probe.once('listening', resolve))
  const address = probe.address()
  await new Promise((resolve) => probe.close(resolve))
  return typeof address === 'object' && address !== null ? address.port : 0
}

async function answers(registry: string): Promise<boolean> {
  return fetch(`http://${registry}/v2/`).then(
    ({ ok }) => ok,
    () => false,
  )
}
