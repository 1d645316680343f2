import type { Clock } from '@landfall/kube'
import { expect, test } from 'vitest'
import { GiveUp, until } from './until.ts'

/** A clock whose time passes while somebody sleeps. */
function sleeper(): Clock {
  let now = 0
  return {
    now: () => now,
    async sleep(ms) {
      now += ms
    },
  }
}

const failing = (until: number, clock: Clock) => async () => {
  if (clock.now() < until) throw new Error(`it is ${clock.now()}`)
  return clock.now()
}

test('a check is repeated until it succeeds', async () => {
  const clock = sleeper()
  expect(await until('never', 1000, failing(200, clock), clock)).toBe(200)
})

test('after the limit the last error is thrown, after what was waited for', async () => {
  const clock = sleeper()
  await expect(until('no server', 100, failing(9999, clock), clock)).rejects.toThrow(
    'no server: it is 150',
  )
})

test('a check that gives up is not repeated', async () => {
  const clock = sleeper()
  const check = async () => {
    throw new GiveUp('it has ended')
  }
  await expect(until('no server', 100, check, clock)).rejects.toThrow('no server: it has ended')
  expect(clock.now()).toBe(0)
})
