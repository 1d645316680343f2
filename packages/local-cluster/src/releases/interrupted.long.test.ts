import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { eventually } from '@landfall/testkit'
import { expect, onTestFinished, test } from 'vitest'
import { program, sha256, startReleaseServer } from './release-server.ts'
import type { ReleaseFile } from './table.ts'

/** Installs the release that is its argument, in a process of its own. */
const script = `
import { Agent } from 'undici'
import { installRelease } from ${JSON.stringify(fileURLToPath(new URL('install.ts', import.meta.url)))}
const [cacheDirectory, file] = JSON.parse(process.argv[1])
const dispatcher = new Agent()
await installRelease(file, {
  cacheDirectory, dispatcher, place: { kind: 'hosts' },
  signal: new AbortController().signal, onBytes: () => {},
})
await dispatcher.close()
`

function install(cache: string, file: ReleaseFile) {
  return spawn(
    process.execPath,
    [
      ...['--conditions=landfall-source', '--import', 'tsx', '--input-type=module', '-e', script],
      JSON.stringify([cache, file]),
    ],
    { cwd: fileURLToPath(new URL('../../../..', import.meta.url)), stdio: 'inherit' },
  )
}

test('Ctrl-C in the middle leaves a part, from which the next run continues', async () => {
  const server = await startReleaseServer()
  onTestFinished(() => server.close())
  const cache = mkdtempSync(join(tmpdir(), 'landfall-interrupted-'))
  onTestFinished(() => rmSync(cache, { recursive: true }))
  const content = program('amd64', 500_000)
  server.files.set('/tool', content)
  server.faults.set('/tool', { kind: 'hang', after: 200_000 })
  const file: ReleaseFile = {
    name: 'tool',
    version: '1',
    architecture: 'amd64',
    url: `${server.url}/tool`,
    sha256: sha256(content),
    limitMiB: 1,
  }
  const releases = join(cache, 'releases')
  const entry = (end: string) => readdirSync(releases).find((name) => name.endsWith(end)) ?? ''

  const interrupted = install(cache, file)
  const ended = new Promise<NodeJS.Signals | null>((resolve) =>
    interrupted.on('exit', (_, signal) => resolve(signal)),
  )
  await eventually(100_000, () => {
    expect(statSync(join(releases, entry('.part'))).size).toBe(200_000)
  })
  interrupted.kill('SIGINT')
  expect(await ended).toBe('SIGINT')
  expect(readdirSync(releases).every((name) => /\.(part|part\.json|lock)$/.test(name))).toBe(true)

  server.faults.clear()
  const code = await new Promise((resolve) => install(cache, file).on('exit', resolve))
  expect(code).toBe(0)
  expect(server.requests).toEqual(['GET /tool', 'GET /tool bytes=200000-'])
  const [directory = ''] = readdirSync(releases)
  expect(readdirSync(releases)).toHaveLength(1)
  expect(readFileSync(join(releases, directory, 'tool'))).toEqual(content)
})
