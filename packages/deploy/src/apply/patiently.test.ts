import { ConnectionError } from '@landfall/kube'
import { expect, test } from 'vitest'
import { skippingClock } from '../test-clock.ts'
import { patiently } from './patiently.ts'

const unreachable = () => Promise.reject(new ConnectionError('http://cluster', new Error('gone')))

test('what cannot reach the server is done again, what is refused is not', async () => {
  const clock = skippingClock()
  let tries = 0
  const reached = await patiently(async () => {
    tries++
    return tries === 3 ? 'done' : unreachable()
  }, clock)
  expect([reached, tries, clock.now()]).toEqual(['done', 3, 2_000])
  await expect(patiently(async () => Promise.reject(new Error('refused')), clock)).rejects.toThrow(
    'refused',
  )
})

test('after a minute it is given up', async () => {
  const clock = skippingClock()
  await expect(patiently(unreachable, clock)).rejects.toThrow('cannot reach')
  expect(clock.now()).toBe(61_000)
})
