import { type ChildProcess, spawn } from 'node:child_process'
import {
  createWriteStream,
  existsSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import {
  compressLayer,
  copyImage,
  layerFile,
  layerOf,
  lookUpImage,
  manifestDigest,
  pushImage,
  tarArchive,
} from '@landfall/image'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { defaultOptions } from '../cluster/paths.ts'

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
      const layers = [await layerOf([{ type: 'file', path: 'hello', content: 'world' }])]
      const config = { Cmd: ['/hello'], Labels: { role: 'x' } }
      const digest = await pushImage(registry, 'docker.io/hello:1', { layers, config })
      const held = {
        digest,
        platform: 'linux/amd64',
        command: ['/hello'],
        labels: { role: 'x' },
      }
      expect(digest).toBe(manifestDigest({ layers, config }))
      expect(await lookUpImage(registry, 'hello:1')).toEqual(held)
      expect(await lookUpImage(registry, `hello@${digest}`)).toEqual(held)
      expect(await lookUpImage(registry, 'hello:2')).toBeUndefined()
      expect(await lookUpImage(registry, 'nothing:1')).toBeUndefined()
    })

    test('pushing the same again gives the same digest', async () => {
      const image = async () => ({
        layers: [await layerOf([{ type: 'file', path: 'a', content: 'b' }])],
        config: {},
      })
      const first = await pushImage(registry, 'same:1', await image())
      expect(await pushImage(registry, 'same:1', await image())).toBe(first)
    })

    test('a large layer goes from a file, and is kept for the next time by its digests', async () => {
      const archive = await tarArchive([
        { type: 'file', path: 'big', content: Buffer.alloc(3_000_000, 1) },
      ])
      const file = join(directory, 'layer.tar.gz')
      const digests = await compressLayer(Readable.from([archive]), createWriteStream(file), 1)
      expect((await layerOf([])).diffId).not.toBe(digests.diffId)
      const layer = await layerFile(file, digests)
      expect(layer.size).toBe(statSync(file).size)
      await pushImage(registry, 'big:1', { layers: [layer, layer], config: { User: '100' } })
      expect((await lookUpImage(registry, 'big:1'))?.user).toBe('100')
    })

    test('a layer that another image of the registry has is not sent again', async () => {
      const layer = await layerOf([{ type: 'file', path: 'shared', content: 'once' }])
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
      expect((await lookUpImage(registry, 'derived:1'))?.user).toBe('1')
    })

    test('an image gets a second name, and one that is not held gets none', async () => {
      const layers = [await layerOf([{ type: 'file', path: 'x', content: 'y' }])]
      const digest = await pushImage(registry, 'first:1', { layers, config: { User: '7' } })
      expect(await copyImage(registry, 'first:1', 'other/second:2')).toBe(digest)
      expect(await lookUpImage(registry, 'other/second:2')).toMatchObject({ digest, user: '7' })
      expect(await copyImage(registry, 'nothing:1', 'third:1')).toBeUndefined()
    })

    test('once undici is loaded, whose dispatcher `fetch` then uses, pushing is the same', async () => {
      await import('undici')
      const layers = [await layerOf([{ type: 'file', path: 'z', content: 'z' }])]
      const digest = await pushImage(registry, 'undici:1', { layers, config: { User: '9' } })
      expect(await copyImage(registry, 'undici:1', 'undici:2')).toBe(digest)
      expect(await lookUpImage(registry, 'undici:2')).toMatchObject({ digest, user: '9' })
    })

    test('a refusal says what the registry said', async () => {
      const wrong = { ...(await layerOf([])), digest: `sha256:${'0'.repeat(64)}` }
      await expect(pushImage(registry, 'bad:1', { layers: [wrong], config: {} })).rejects.toThrow(
        /PUT .*DIGEST_INVALID/,
      )
    })
  },
)

test('a name by digest cannot be pushed', async () => {
  const name = `a@sha256:${'0'.repeat(64)}`
  await expect(pushImage('127.0.0.1:9', name, { layers: [], config: {} })).rejects.toThrow(
    'it has no tag',
  )
})

test('a registry that does not answer is an error that names it', async () => {
  const image = { layers: [], config: {} }
  await expect(pushImage('127.0.0.1:9', 'a:1', image)).rejects.toThrow(
    /^HEAD http:\/\/127\.0\.0\.1:9\/.*: .*(ECONNREFUSED|bad port)/,
  )
  await expect(lookUpImage('127.0.0.1:9', 'a:1')).rejects.toThrow('127.0.0.1:9 does not answer')
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
