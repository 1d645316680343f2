import { expect, test } from 'vitest'
import { inParallel } from './in-parallel.ts'

test('results keep the order of the items, and no more run at a time than allowed', async () => {
  let running = 0
  let most = 0
  const results = await inParallel(2, ['a', 'b', 'c', 'd', 'e'], async (item) => {
    most = Math.max(most, ++running)
    for (let turn = item === 'a' ? 5 : 1; turn > 0; turn--) await Promise.resolve()
    running--
    return item.toUpperCase()
  })
  expect(results).toEqual(['A', 'B', 'C', 'D', 'E'])
  expect(most).toBe(2)
})

test('nothing to do is done', async () => {
  expect(await inParallel(2, [], async () => 1)).toEqual([])
})
