import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { type ContextServer, startContextServer } from '@landfall/testkit/context-server'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fetchContexts } from './build-contexts.ts'

const program = fileURLToPath(new URL('../../../../landfall', import.meta.url))

let server: ContextServer
let repository = ''
let context = ''

beforeAll(async () => {
  server = await startContextServer()
  repository = server.repository('shop', {
    'api/Dockerfile': 'FROM scratch\nEXPOSE 8123\n',
  })
  context = `${server.address.replace('//', '//u:hunter2@')}/git/shop.git#main:api`
})

afterAll(() => server.close())

/** Runs a command on a project of one service with a remote context; stdout and stderr together. */
async function landfall(name: string, command: string, ...options: string[]): Promise<string> {
  const directory = join(server.root, name)
  mkdirSync(directory, { recursive: true })
  writeFileSync(
    join(directory, 'compose.yaml'),
    `services: { app: { build: { context: "${context}" } } }\n`,
  )
  const args = ['-c', 'exec "$0" "$@" 2>&1', program, command, '.', ...options]
  const { stdout } = await promisify(execFile)('sh', args, {
    cwd: directory,
    env: { PATH: process.env.PATH, HOME: server.root, GIT_CONFIG_NOSYSTEM: '1' },
  })
  return stdout
}

const lockOf = (name: string) => readFileSync(join(server.root, name, 'landfall.lock'), 'utf8')
const commit = () => server.git(repository, 'rev-parse', 'main')

test('plan shows the commit, and what the Dockerfile of the context declares', async () => {
  const printed = await landfall('plan', 'plan')
  expect(printed).toContain(`at ${commit()}`)
  expect(printed).toContain('8123')
  expect(printed).not.toContain('hunter2')
})

test('the commit is recorded and stays until landfall lock looks again', async () => {
  const first = commit()
  await landfall('recorded', 'convert', '-o', 'out')
  expect(lockOf('recorded')).toContain(first)
  expect(lockOf('recorded')).not.toContain('hunter2')
  writeFileSync(join(repository, 'api/Dockerfile'), 'FROM scratch\nEXPOSE 8124\n')
  server.git(repository, 'commit', '--quiet', '--all', '--message=y')
  expect(await landfall('recorded', 'plan')).toContain(first)
  expect(await landfall('recorded', 'plan', '--offline')).toContain('8123')
  expect(await landfall('recorded', 'lock')).toContain(commit())
  expect(await landfall('recorded', 'plan')).toContain('8124')
})

test('without a network the conversion continues, with a warning', async () => {
  const printed = await landfall('offline', 'plan', '--offline')
  expect(printed).toContain('shop.git#main:api cannot be fetched: it is not in the cache')
  expect(printed).toContain('as it is then')
  expect(printed).not.toContain('hunter2')
})

test('a Dockerfile that is a link to a file of this machine is not read', async () => {
  const directory = server.repository('linked', { 'other.txt': 'x' })
  writeFileSync(join(server.root, 'secret'), 'FROM scratch\nEXPOSE 9999\n')
  symlinkSync(join(server.root, 'secret'), join(directory, 'Dockerfile'))
  server.git(directory, 'add', 'Dockerfile')
  server.git(directory, 'commit', '--quiet', '--message=y')
  context = `${server.address}/git/linked.git`
  expect(await landfall('linked', 'plan')).not.toContain('9999')
})

test('a context that takes long is named while it is fetched', async () => {
  const silent = createServer(() => undefined)
  silent.listen(0, '127.0.0.1')
  await once(silent, 'listening')
  const { port } = silent.address() as AddressInfo
  const address = `http://127.0.0.1:${port}/x.git`
  const lines: string[] = []
  await fetchContexts(
    { name: 'p', services: { app: { build: { context: address } } } },
    new Map(),
    {
      env: { PATH: process.env.PATH ?? '', HOME: server.root },
      time: 8_000,
      progress: (line) => lines.push(line),
    },
  )
  silent.closeAllConnections()
  silent.close()
  expect(lines).toEqual([`fetching the build context ${address} …`])
})
