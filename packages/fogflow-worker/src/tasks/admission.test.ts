import { expect, test } from 'vitest'
import { admit } from './admission.ts'
import { record } from './test-task.ts'

const plain = (id: string, since = 0) => record(id, {}, { since })
const exclusive = (id: string, PriorityLevel: number) =>
  record(id, { IsExclusive: true, PriorityLevel })
const decided = (...args: Parameters<typeof admit>) => Object.fromEntries(admit(...args))

test('the oldest tasks have the places, whatever the order of the list', () => {
  const tasks = [plain('c', 3), plain('a', 1), plain('b', 2)]
  const expected = { a: 'run', b: 'run', c: 'waiting' }
  expect(decided(tasks, 2)).toEqual(expected)
  expect(decided(tasks.toReversed(), 2)).toEqual(expected)
})

test('exclusive tasks of the highest priority run alone', () => {
  expect(decided([plain('a'), exclusive('b', 1), exclusive('c', 2), exclusive('d', 2)], 9)).toEqual(
    {
      ...{ a: 'paused', b: 'paused', c: 'run', d: 'run' },
    },
  )
})

test('a removed task pauses none and has no place', () => {
  const removed = record('b', { IsExclusive: true }, { removedAt: 1 })
  expect(decided([plain('a'), removed], 1)).toEqual({ a: 'run' })
})
