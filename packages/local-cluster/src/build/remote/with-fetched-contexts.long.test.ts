import { existsSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { tarArchive } from '@landfall/image'
import { type ContextServer, startContextServer } from '@landfall/testkit/context-server'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ImageBuild } from '../outcome.ts'
import { withFetchedContexts } from './with-fetched-contexts.ts'

let server: ContextServer

beforeAll(async () => {
  server = await startContextServer()
})

afterAll(() => server.close())

function local(build: Partial<ImageBuild>) {
  const whole = { service: 'app', image: 'app', context: '/x', args: {}, ...build }
  return withFetchedContexts(whole, join(server.root, 'cache'), () => {})
}

test('contexts that are addresses become directories, and others stay', async () => {
  server.repository('main', { 'deploy/Dockerfile': 'FROM a' })
  const files = server.serve('files.tar', await tarArchive([{ type: 'directory', path: 'd' }]))
  const outcome = await local({
    context: `${server.address}/git/main.git`,
    dockerfile: 'deploy/Dockerfile',
    contexts: { files, here: '/here', other: 'docker-image://redis:7' },
  })
  if (!outcome.ok) throw new Error(outcome.message)
  const { context, dockerfile = '', contexts = {} } = outcome.build
  expect(dockerfile).toBe(join(context, 'deploy/Dockerfile'))
  expect(existsSync(dockerfile)).toBe(true)
  expect(existsSync(join(contexts.files ?? '', 'd'))).toBe(true)
  expect(contexts).toMatchObject({ here: '/here', other: 'docker-image://redis:7' })
})

test('a Dockerfile of one directory below the context is named', async () => {
  const context = server.serve(
    'release.tar',
    await tarArchive([{ type: 'file', path: 'shop-1.0/Dockerfile', content: 'FROM a' }]),
  )
  expect(await local({ context })).toMatchObject({
    ok: false,
    message: `the build context ${context}: there is no Dockerfile; it is in the directory shop-1.0: set dockerfile to shop-1.0/Dockerfile`,
  })
})

test.each([
  [
    'a Dockerfile that is a link',
    'Dockerfile',
    'Dockerfile',
    /Dockerfile is a link that leads out/,
  ],
  ['a .dockerignore that is a link', '.dockerignore', 'other', /dockerignore is a link that leads/],
  ['a path above it', 'x', '../../etc/passwd', /is not in the build context$/],
])('%s out of the context is refused', async (name, link, dockerfile, message) => {
  const repository = name.replace(/\W/g, '-')
  const directory = server.repository(repository, { other: 'FROM a' })
  symlinkSync('/etc/hostname', join(directory, link))
  server.git(directory, 'add', link)
  server.git(directory, 'commit', '--quiet', '--message=x')
  const context = `${server.address}/git/${repository}.git`
  expect(await local({ context, dockerfile })).toMatchObject({
    ok: false,
    message: expect.stringMatching(message),
  })
})
