import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Clock, machineClock } from '@landfall/kube'
import { afterAll, describe, expect, test } from 'vitest'
import { withLock } from './lock.ts'

const directory = mkdtempSync(join(tmpdir(), 'landfall-lock-'))
afterAll(() => rmSync(directory, { recursive: true }))

describe.skipIf(process.platform !== 'linux')('locks (need /proc)', () => {
  test('two holders do not work at the same time', async () => {
    const file = join(directory, 'busy')
    const seen: string[] = []
    const work = (name: string) => async () => {
      seen.push(`${name} begins`)
      await new Promise((resolve) => setTimeout(resolve, 20))
      seen.push(`${name} ends`)
    }
    let waited = 0
    const clock: Clock = {
      ...machineClock,
      sleep: async () => {
        waited += 1
        await machineClock.sleep(5)
      },
    }
    const both = ['a', 'b'].map((name) => withLock(file, work(name), undefined, clock))
    await Promise.all(both)
    expect(waited).toBeGreaterThan(0)
    expect(seen).toEqual(['a begins', 'a ends', 'b begins', 'b ends'])
    expect(existsSync(file)).toBe(false)
  })

  test('the lock of a process that is gone is taken over', async () => {
    const file = join(directory, 'left')
    writeFileSync(file, JSON.stringify({ pid: process.pid, startTime: '1', boot: 'another' }))
    expect(await withLock(file, async () => 'done')).toBe('done')
  })

  test('a failure of the work gives the lock back', async () => {
    const file = join(directory, 'failed')
    await expect(withLock(file, () => Promise.reject(new Error('no')))).rejects.toThrow('no')
    expect(existsSync(file)).toBe(false)
  })
})
