import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { LOCK } from './lock.ts'
import { FILL_STEP, fillRun, findShells, type Run, sorted, type Tree } from './test-shells.ts'

// Real processes on a machine that may be busy with others.
vi.setConfig({ testTimeout: 300_000 })

const { shells, end } = findShells()
afterAll(end)

describe.each(shells)('under $name', (shell) => {
  let run: Run
  beforeEach(() => {
    run = fillRun(shell)
  })
  afterEach(() => run.end())

  const inState = (name: string) => join(run.root, 'volumes/0/.landfall', name)
  const tree = (text: string, count = 300): Tree =>
    Object.fromEntries(Array.from({ length: count }, (_, n) => [`${n % 10}/${n}`, `${text} ${n}`]))

  /** A pod that starts; its lines, or undefined if it was killed. */
  function startPod(patience: string): { ended: Promise<string[] | undefined>; kill: () => void } {
    const child = spawn(shell.program, run.words(FILL_STEP), {
      env: { ...run.environment(), FILL_PATIENCE: patience },
      detached: true,
    })
    let printed = ''
    child.stdout.on('data', (bytes) => {
      printed += bytes
    })
    const ended = new Promise<string[] | undefined>((resolve) =>
      child.on('close', (code) =>
        resolve(code === 0 ? printed.split('\n').filter(Boolean) : undefined),
      ),
    )
    return { ended, kill: () => process.kill(-(child.pid as number), 'SIGKILL') }
  }

  test('pods that start at the same time fill one claim one after the other', async () => {
    run.project(tree('first'))
    run.start()
    run.put('0/0', 'mine')
    run.project(tree('second'))
    const pods = [1, 2, 3, 4].map(() => startPod('600').ended)
    expect(await Promise.all(pods)).toEqual(
      pods.map(() => ['kept ./config/0/0: changed in the volume']),
    )
    expect(run.volume()).toEqual(sorted({ ...tree('second'), '0/0': 'mine' }))
    expect(readdirSync(inState('')).sort()).toEqual(['data.intent', 'data.manifest', 'resets'])
  })

  test('the lock of a pod that is gone is taken over, one that is in use is not', async () => {
    mkdirSync(inState('lock'), { recursive: true })
    writeFileSync(inState('lock/beat'), './.landfall/work-gone 7\n')
    run.project({ a: '1' })
    expect(run.start()).toEqual([])
    expect(run.volume()).toEqual({ a: '1' })
    expect(existsSync(inState('lock'))).toBe(false)
    mkdirSync(inState('lock'))
    let beats = 0
    const holder = setInterval(
      () => writeFileSync(inState('lock/beat'), `./.landfall/work-other ${beats++}\n`),
      100,
    )
    const waiting = startPod('20')
    await new Promise((resolve) => setTimeout(resolve, 3000))
    clearInterval(holder)
    expect(readdirSync(inState('lock'))).toEqual(['beat'])
    waiting.kill()
    expect(await waiting.ended).toBeUndefined()
  })

  test('a lock that is given back at once is given back', async () => {
    const state = join(run.root, 'volumes/0')
    const script = `set -e\nstate=${state}\nwork=./work\n${LOCK}\nfor turn in 1 2 3 4 5 6 7 8 9 10; do lock; unlock; done; echo done`
    const child = spawn(shell.program, ['-c', script], { env: run.environment() })
    let printed = ''
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (bytes) => {
        printed += bytes
      })
    await new Promise((resolve) => child.on('exit', resolve))
    expect(printed).toBe('done\n')
    expect(existsSync(join(state, 'lock'))).toBe(false)
  })

  test('a pod that is killed while it fills, before the project changes: the change reaches the volume', async () => {
    for (const wait of [20, 60, 120, 200, 400]) {
      run.project(tree(`before ${wait}`))
      const pod = startPod('1')
      await new Promise((resolve) => setTimeout(resolve, wait))
      pod.kill()
      await pod.ended
      const next = tree(`after ${wait}`, 250)
      run.project(next)
      expect(run.start()).toEqual([])
      expect(run.volume()).toEqual(sorted(next))
    }
  })

  test('files that were renamed into place before the manifest was written belong to the project', () => {
    run.project({ a: 'old', left: 'old' })
    run.start()
    // as a pod leaves it that is killed after it has renamed the files of a new version
    run.project({ a: 'half', left: 'half', gone: 'half' })
    run.interrupted()
    run.project({ a: 'new', left: 'new' })
    expect(run.start()).toEqual([])
    expect(run.volume()).toEqual({ a: 'new', left: 'new' })
  })
})
