import { expect, test } from 'vitest'
import { elsewhere } from './elsewhere.ts'
import { listedSubscriptions, unknownTo } from './listed-subscriptions.ts'
import { record } from './test-task.ts'

const { task } = record('a', { Outputs: [{ Type: 'Out', StreamID: 'Out.1' }] })
const added = (worker: string, of = task) => ({ type: 'ADD_TASK', worker, task: of }) as const
const removed = (worker: string) => ({ type: 'REMOVE_TASK', worker, taskId: 'a' }) as const

test('a task is elsewhere until it is removed there, or is here', () => {
  const others = elsewhere()
  expect(others.has(task)).toBe(false)
  others.hear(added('Worker.002'))
  expect(others.has(task)).toBe(true)
  others.hear(removed('Worker.003'))
  expect(others.has(task)).toBe(true)
  others.hear(removed('Worker.002'))
  expect(others.has(task)).toBe(false)
  others.hear(added('Worker.002'))
  others.isHere('a')
  expect(others.has(task)).toBe(false)
})

test('another task with the same output keeps it', () => {
  const others = elsewhere()
  others.hear(added('Worker.002', record('b', { Outputs: [{ StreamID: 'Out.1' }] }).task))
  expect(others.has(task)).toBe(true)
})

test('a subscription is lost when the broker had listed it, and does not any more', () => {
  const { progress } = record('a', {}, { reference: 'r', subscriptions: { one: 's1', two: 's2' } })
  const compared = listedSubscriptions()
  expect(compared.withoutLost(progress, new Map())).toBeUndefined()
  expect(compared.withoutLost(progress, new Map([['s1', 'r']]))).toBeUndefined()
  expect(compared.withoutLost(progress, new Map())?.subscriptions).toEqual({ two: 's2' })
})

test('a subscription for a task that it does not know', () => {
  const { progress } = record('a', {}, { reference: 'r', subscriptions: { one: 's1' } })
  const listed = new Map([
    ['s1', 'r'],
    ['s2', 'r'],
    ['s3', 'other'],
  ])
  expect(unknownTo(progress, listed)).toEqual(['s2'])
})
