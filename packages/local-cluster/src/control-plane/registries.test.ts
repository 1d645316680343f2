import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Fetch, layerOf, lookUpImage, pushImage } from '@landfall/image'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { defaultOptions } from '../cluster/paths.ts'
import { registryConfig } from './control-plane.ts'
import {
  basicAuthorization,
  htpasswd,
  keepRegistryLogin,
  readRegistryLogin,
} from './registry-login.ts'

test('a login is made once, readable for its owner alone; a damaged one is made again', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'landfall-login-'))
  try {
    const file = join(directory, 'login.json')
    const made = await keepRegistryLogin(file)
    expect(made.password).toMatch(/^[0-9a-f]{64}$/)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(await keepRegistryLogin(file)).toEqual(made)
    writeFileSync(file, '{"username":"landfall"}')
    expect(readRegistryLogin(file)).toBeUndefined()
    expect((await keepRegistryLogin(file)).password).not.toBe(made.password)
  } finally {
    rmSync(directory, { recursive: true })
  }
})

const program = registryProgram()

describe.skipIf(program === undefined)(
  'with real registries, where a cluster was ever prepared',
  () => {
    let directory = ''
    let reader = ''
    let writer = ''
    let authorization = ''
    const servers: ChildProcess[] = []
    const withLogin: Fetch = (url, init) =>
      fetch(url, { ...init, headers: { ...init.headers, authorization } })

    beforeAll(async () => {
      directory = mkdtempSync(join(tmpdir(), 'landfall-registries-'))
      const at = (name: string) => join(directory, name)
      const login = await keepRegistryLogin(at('login.json'))
      authorization = basicAuthorization(login)
      writeFileSync(at('htpasswd'), htpasswd(login))
      reader = `127.0.0.1:${await freePort()}`
      writer = `127.0.0.1:${await freePort()}`
      writeFileSync(at('reader.yaml'), registryConfig(reader, at('storage'), undefined))
      writeFileSync(
        at('writer.yaml'),
        registryConfig(writer, at('storage'), { htpasswd: at('htpasswd') }),
      )
      for (const name of ['reader', 'writer'])
        servers.push(spawn(program ?? '', ['serve', at(`${name}.yaml`)], { stdio: 'ignore' }))
      await vi.waitUntil(() => isThere(reader), { timeout: 30_000 })
      await vi.waitUntil(() => isThere(writer), { timeout: 30_000 })
    })
    afterAll(() => {
      for (const server of servers) server.kill()
      rmSync(directory, { recursive: true })
    })

    const image = async (content: string) => ({
      layers: [await layerOf([{ type: 'file', path: 'hello', content }])],
      config: {},
    })

    test('what the owner pushes, everyone reads', async () => {
      const digest = await pushImage(writer, 'hello:1', await image('one'), withLogin)
      expect(await lookUpImage(reader, 'hello:1')).toMatchObject({ digest })
    })

    test('without the login nothing is pushed, overwritten or deleted, and at the reading address with it neither', async () => {
      const digest = await pushImage(writer, 'kept:1', await image('original'), withLogin)
      const forged = await image('forged')
      const wrong: Fetch = (url, init) =>
        fetch(url, {
          ...init,
          headers: { ...init.headers, authorization: 'Basic bGFuZGZhbGw6eA==' },
        })
      await expect(pushImage(reader, 'kept:1', forged)).rejects.toThrow(/40[15]/)
      await expect(pushImage(reader, 'kept:1', forged, withLogin)).rejects.toThrow('405')
      await expect(pushImage(writer, 'kept:1', forged)).rejects.toThrow('401')
      await expect(pushImage(writer, 'kept:1', forged, wrong)).rejects.toThrow('401')
      const manifest = `v2/library/kept/manifests/${digest}`
      const statuses = await Promise.all([
        fetch(`http://${reader}/${manifest}`, { method: 'DELETE' }),
        fetch(`http://${writer}/${manifest}`, { method: 'DELETE' }),
        fetch(`http://${writer}/${manifest}`, { method: 'DELETE', headers: { authorization } }),
      ])
      expect(statuses.map(({ status }) => status)).toEqual([405, 401, 405])
      expect(await lookUpImage(reader, 'kept:1')).toMatchObject({ digest })
    })
  },
)

async function isThere(registry: string): Promise<boolean> {
  try {
    return [200, 401].includes((await fetch(`http://${registry}/v2/`)).status)
  } catch {
    return false
  }
}

/** Debian's registry from the cache of this user, where clusters or end-to-end tests have unpacked it. */
function registryProgram(): string | undefined {
  const packages = join(defaultOptions(process.env).cacheDirectory, 'debian')
  if (!existsSync(packages)) return undefined
  return readdirSync(packages)
    .map((name) => join(packages, name, 'usr/bin/docker-registry'))
    .find((file) => existsSync(file))
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' ? (address?.port ?? 0) : 0))
    })
  })
}
