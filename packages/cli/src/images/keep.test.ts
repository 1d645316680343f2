import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { convertAgain, readAndConvert } from '../project/read.ts'
import { quietTerminal } from '../quiet-terminal.ts'
import { rememberOneShots } from './keep.ts'

let directory = ''

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'landfall-keep-'))
  writeFileSync(
    join(directory, 'compose.yaml'),
    'name: p\nservices:\n  tool: { image: tool }\n  extra: { image: extra, profiles: [more] }\n',
  )
})

afterEach(() => rmSync(directory, { recursive: true }))

const options = { offline: true as const }
const kindOf = async (converted: Awaited<ReturnType<typeof readAndConvert>>) =>
  converted.result?.plan.services.map(({ service, kind }) => `${service} ${kind}`)
const written = () => readFileSync(join(directory, 'landfall.lock'), 'utf8')

test('a program that ended is a Job in the same run and in the next', async () => {
  const { terminal, printed } = quietTerminal(directory)
  const before = await readAndConvert(undefined, options, terminal)
  expect(await kindOf(before)).toEqual(['tool Deployment'])
  rememberOneShots(before, ['tool'], terminal)
  expect(printed.stderr).toBe('Wrote landfall.lock: tool is a one-shot.\n')
  expect(JSON.parse(written()).oneShots).toEqual(['tool'])
  expect(await kindOf(await convertAgain(before, ['tool'], options, terminal))).toEqual([
    'tool Job',
  ])
  expect(await kindOf(await readAndConvert(undefined, options, terminal))).toEqual(['tool Job'])
})

test('what the file knows stays, but for names that are no longer services', async () => {
  const redis = { digest: 'sha256:1', ports: ['6379/tcp'] }
  const file = { version: 1, images: { 'redis:7': redis }, oneShots: ['extra', 'gone', 'tool'] }
  writeFileSync(join(directory, 'landfall.lock'), JSON.stringify(file))
  const { terminal } = quietTerminal(directory)
  rememberOneShots(await readAndConvert(undefined, options, terminal), ['tool'], terminal)
  expect(JSON.parse(written())).toEqual({ ...file, oneShots: ['extra', 'tool'] })
})

test('a place that cannot be written to is told, and the run goes on', async () => {
  const { terminal, printed } = quietTerminal(directory)
  const before = await readAndConvert(undefined, options, terminal)
  mkdirSync(join(directory, 'gone/landfall.lock'), { recursive: true })
  const loaded = { ...before.loaded, projectDirectory: join(directory, 'gone') }
  rememberOneShots({ ...before, loaded }, ['tool'], terminal)
  expect(printed.stderr).toBe('warning: cannot write gone/landfall.lock: it is a directory\n')
  expect(await kindOf(await convertAgain(before, ['tool'], options, terminal))).toEqual([
    'tool Job',
  ])
})
