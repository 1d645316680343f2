import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { identify } from '@landfall/local-cluster/process-identity'
import { expect, test } from 'vitest'
import { holderOf } from './holder.ts'

const { identity, hasEnded } = holderOf('up')

/** The identity that a process of this machine and namespace would have. */
function identityOf(pid: number): string {
  const words = identity.split('/')
  const { startTime } = identify(pid) ?? { startTime: '0' }
  return [...words.slice(0, 3), String(pid), startTime].join('/')
}

test('a process of this machine that has ended is known to have ended, and one that runs is not', async () => {
  const child = spawn('sleep', ['1000'])
  await once(child, 'spawn')
  const other = identityOf(child.pid as number)
  expect(hasEnded?.(other)).toBe(false)
  child.kill('SIGKILL')
  await once(child, 'exit')
  expect(hasEnded?.(other)).toBe(true)
  expect(hasEnded?.(identity)).toBe(false)
})

test('nothing is known of other machines, other namespaces of processes, and other programs', () => {
  const [who = '', boot, space, , start] = identity.split('/')
  const gone = '4194304'
  const known = [who, boot, space, gone, start]
  expect(hasEnded?.(known.join('/'))).toBe(true)
  const machine = [`${who.split('@')[0]}@elsewhere`, ...known.slice(1)]
  for (const other of [
    machine,
    [who, 'another-boot', space, gone, start],
    [who, boot, 'pid:[1]', gone, start],
    [who, gone],
    [...known, 'more'],
  ])
    expect(hasEnded?.(other.join('/')), other.join('/')).toBe(false)
})
