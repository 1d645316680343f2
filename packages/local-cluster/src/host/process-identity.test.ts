import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { describe, expect, test } from 'vitest'
import { identify, isRunning, startTimeOf } from './process-identity.ts'

test('the start time is found behind a program name with spaces and parentheses', () => {
  const before = '4242 (a (b) c) S 1 4242 4242 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0'
  expect(startTimeOf(`${before} 987654 1000 200 18446744073709551615`)).toBe('987654')
})

test('a zombie runs no more', () => {
  expect(startTimeOf('7 (sh) Z 1 7 7 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 55 0 0')).toBeUndefined()
})

describe.skipIf(process.platform !== 'linux')('processes of this machine (needs /proc)', () => {
  test('a process is known until it ends, and another one with its number is not taken for it', async () => {
    const child = spawn('sleep', ['60'])
    const known = identify(child.pid ?? 0)
    if (known === undefined) throw new Error('sleep did not start')
    expect(isRunning(known)).toBe(true)
    expect(isRunning({ ...known, startTime: '1' })).toBe(false)
    expect(isRunning({ ...known, boot: 'another' })).toBe(false)
    child.kill('SIGKILL')
    await once(child, 'exit')
    expect(isRunning(known)).toBe(false)
  })
})
