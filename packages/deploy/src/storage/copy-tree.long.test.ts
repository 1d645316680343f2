import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ExecOptions, ExecResult, FillStep, KubeClient } from '@landfall/kube'
import { FILL_SCRIPT } from '@landfall/kube'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { copyTree } from './copy-tree.ts'
import { readSource } from './source-tree.ts'

// The real script, in a process of this machine instead of a container.
vi.setConfig({ testTimeout: 60_000 })

let root = ''
let source = ''
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'copy-'))
  source = join(root, 'project/media')
  mkdirSync(join(root, 'volumes/0'), { recursive: true })
  mkdirSync(join(source, 'deep'), { recursive: true })
  writeFileSync(join(root, 'fill.sh'), FILL_SCRIPT)
  writeFileSync(join(source, 'small.txt'), 'small')
  writeFileSync(join(source, 'line\nfeed'), 'odd')
  writeFileSync(join(source, 'deep/large.bin'), Buffer.alloc(3_000_000, 'landfall'))
  chmodSync(join(source, 'small.txt'), 0o750)
})
afterEach(() => rmSync(root, { recursive: true }))

const step: FillStep = {
  verb: 'await',
  place: 0,
  id: 'data',
  path: 'data',
  shown: './media',
  digest: 'd1',
}
const target = { namespace: 'shop', pod: 'web-1', container: 'wait-for-copy-of-media', step }

/** Runs commands as the container would; one with `killAfter` bytes of input is killed in the middle. */
function execHere(sent: string[], killAfter = Number.POSITIVE_INFINITY, reset = '') {
  return async ({ command, stdin, signal }: ExecOptions): Promise<ExecResult> => {
    const [, , verb = '', ...words] = command
    const child = spawn('sh', [join(root, 'fill.sh'), verb, ...words], {
      env: { ...process.env, FILL_ROOT: root, LANDFALL_RESET_FILES: reset },
    })
    child.stdin.on('error', () => {})
    const printed = { stdout: '', stderr: '' }
    for (const name of ['stdout', 'stderr'] as const)
      child[name].on('data', (data: Buffer) => {
        printed[name] += data
      })
    const ended = new Promise<number>((resolve) =>
      child.on('close', (code) => resolve(code ?? 137)),
    )
    let count = 0
    for await (const bytes of stdin ?? []) {
      // Waits until the program has read it, so that what arrived does not depend on how fast this machine is.
      if (!child.stdin.write(bytes)) await Promise.race([once(child.stdin, 'drain'), ended])
      count += bytes.length
      signal?.throwIfAborted()
      if (count > killAfter) {
        child.kill('SIGKILL')
        await ended
        throw new Error('the connection was closed before the command ended')
      }
    }
    child.stdin.end()
    sent.push(`${verb} ${count}`)
    return { exitCode: await ended, ...printed }
  }
}

const client = (exec: KubeClient['exec']) => ({ exec }) as KubeClient

async function copy(exec: KubeClient['exec'], progress: number[] = []) {
  const entries = await readSource(source, 'data')
  const signal = new AbortController().signal
  return copyTree(client(exec), target, entries, (bytes) => progress.push(bytes), signal)
}

const claim = (path: string) => join(root, 'volumes/0', path)

test('copies a tree with its modes, and marks it with the digest', async () => {
  const progress: number[] = []
  expect(await copy(execHere([]), progress)).toEqual([])
  const large = readFileSync(join(source, 'deep/large.bin'))
  expect(readFileSync(claim('data/deep/large.bin')).equals(large)).toBe(true)
  expect(readFileSync(claim('data/line\nfeed'), 'utf8')).toBe('odd')
  expect(statSync(claim('data/small.txt')).mode & 0o777).toBe(0o750)
  expect(readFileSync(claim('.landfall/data.digest'), 'utf8')).toBe('d1\n')
  expect(readdirSync(claim('.landfall')).sort()).toEqual([
    'data.digest',
    'data.intent',
    'data.manifest',
    'resets',
  ])
  expect(progress.at(-1)).toBe(3_000_008)
})

test('sends only what differs, and keeps what a program has changed', async () => {
  await copy(execHere([]))
  writeFileSync(claim('data/small.txt'), 'by the program')
  writeFileSync(join(source, 'small.txt'), 'new')
  writeFileSync(join(source, 'line\nfeed'), 'new')
  const sent: string[] = []
  expect(await copy(execHere(sent))).toEqual([
    { path: './media/small.txt', why: 'changed in the volume' },
  ])
  expect(sent).toContainEqual(expect.stringMatching(/^receive \d{4}$/))
  expect(readFileSync(claim('data/line\nfeed'), 'utf8')).toBe('new')
  expect(await copy(execHere([], Number.POSITIVE_INFINITY, 't1 ./media/small.txt'))).toEqual([])
  expect(readFileSync(claim('data/small.txt'), 'utf8')).toBe('new')
})

test('continues after an interruption: files that arrived are not sent again, half of one is', async () => {
  for (let n = 0; n < 5; n++)
    writeFileSync(join(source, `deep/part-${n}`), Buffer.alloc(1_000_000, `${n}`))
  await expect(copy(execHere([], 4_500_000))).rejects.toThrow('closed before the command ended')
  expect(() => readdirSync(claim('data'))).toThrow('ENOENT')
  const sent: string[] = []
  await copy(execHere(sent))
  const bytes = Number(sent.find((line) => line.startsWith('receive'))?.split(' ')[1])
  expect(bytes).toBeLessThan(5_500_000)
  for (let n = 0; n < 5; n++)
    expect(readFileSync(claim(`data/deep/part-${n}`)).equals(Buffer.alloc(1_000_000, `${n}`))).toBe(
      true,
    )
})

test('a file that changes while it is copied is an error, not a wrong copy', async () => {
  const entries = await readSource(source, 'data')
  writeFileSync(join(source, 'small.txt'), 'SMALL')
  const signal = new AbortController().signal
  await expect(copyTree(client(execHere([])), target, entries, () => {}, signal)).rejects.toThrow(
    'their checksums differ',
  )
  expect(() => readFileSync(claim('.landfall/data.digest'))).toThrow('ENOENT')
})

test('a single file keeps its name', async () => {
  const one = await readSource(join(source, 'deep/large.bin'), 'data')
  const signal = new AbortController().signal
  await copyTree(client(execHere([])), target, one, () => {}, signal)
  expect(readdirSync(claim('data'))).toEqual(['large.bin'])
})
