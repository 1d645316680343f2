import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { CommandFailed, run } from '../host/run.ts'
import type { ImageBuild } from './outcome.ts'
import { runBuild } from './run-build.ts'

let context = ''
beforeAll(() => {
  context = mkdtempSync(join(tmpdir(), 'landfall-context-'))
  writeFileSync(join(context, 'Dockerfile'), 'FROM scratch\n')
})
afterAll(() => rmSync(context, { recursive: true }))

const silent = () => {}

test('values of arguments and secrets are not on the command line of a builder, and not in the report of its failure', async () => {
  const build: ImageBuild = {
    service: 'web',
    image: 'web:1',
    context,
    args: { API_TOKEN: 'arg-value-1', VERSION: 'arg-value-2' },
    secrets: [{ id: 'key', from: { value: 'secret-value' } }],
  }
  let directory = ''
  const outcome = await runBuild(build, [], silent, async (scratch, { options, env }) => {
    directory = scratch
    expect(options.join(' ')).not.toMatch(/arg-value|secret-value/)
    expect(env).toEqual({ API_TOKEN: 'arg-value-1', VERSION: 'arg-value-2' })
    const file = /id=key,src=(\S+)/.exec(options.join(' '))?.[1] ?? ''
    expect(readFileSync(file, 'utf8')).toBe('secret-value')
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(statSync(scratch).mode & 0o777).toBe(0o700)
    await run('sh', ['-c', 'exit 3', 'builder', ...options], { env })
    return ''
  })
  expect(outcome.ok).toBe(false)
  expect(JSON.stringify(outcome)).not.toMatch(/arg-value|secret-value/)
  expect(existsSync(directory)).toBe(false)
})

test('an argument that a builder would read itself does not get into its environment', async () => {
  const args = { PATH: '/nowhere', HTTP_PROXY: 'http://p', LD_PRELOAD: '/x.so' }
  const build: ImageBuild = { service: 'web', image: 'web:1', context, args }
  await runBuild(build, [], silent, async (_scratch, { options, env }) => {
    expect(env).toEqual({})
    expect(options).toContain('PATH=/nowhere')
    throw new CommandFailed('builder', 1, '')
  })
})
