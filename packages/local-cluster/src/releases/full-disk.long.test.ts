import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Agent } from 'undici'
import { expect, onTestFinished, test } from 'vitest'
import { installRelease } from './install.ts'
import { program, sha256, startReleaseServer } from './release-server.ts'

const cache = mkdtempSync(join(tmpdir(), 'landfall-full-'))
const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', cache]).status === 0

// Only root can mount a small file system, and not in every container.
test.skipIf(!mounted)('a full disk is an error that gives the room back', async () => {
  const server = await startReleaseServer()
  const dispatcher = new Agent()
  onTestFinished(async () => {
    await dispatcher.close()
    await server.close()
    spawnSync('umount', [cache])
    rmSync(cache, { recursive: true })
  })
  mkdirSync(join(cache, 'releases'))
  const content = program('amd64', 1_000_000)
  server.files.set('/tool', content)
  const file = {
    name: 'tool',
    version: '1',
    architecture: 'amd64',
    url: `${server.url}/tool`,
    sha256: sha256(content),
    limitMiB: 1,
  }
  const signal = new AbortController().signal
  const place = { kind: 'hosts' } as const
  const options = { cacheDirectory: cache, place, dispatcher, signal, onBytes: () => {} }
  await expect(installRelease(file, options)).rejects.toThrow('no space left on the device')
  expect(server.requests).toHaveLength(1)
  expect(readdirSync(join(cache, 'releases')).filter((name) => name.endsWith('.part'))).toEqual([])
})
