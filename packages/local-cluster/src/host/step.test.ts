import { expect, test } from 'vitest'
import type { ProgressEvent } from '../contract.ts'
import { asStep } from './step.ts'

function clock(...times: number[]) {
  return { now: () => times.shift() ?? 0, sleep: async () => {} }
}

test('a step reports its start, its progress, and its end with its time and result', async () => {
  const events: ProgressEvent[] = []
  const result = await asStep(
    (event) => events.push(event),
    'building x',
    async (report) => {
      report('1 of 2')
      return 7
    },
    { detailOf: (number) => `version ${number}`, clock: clock(1000, 1020.4) },
  )
  expect(result).toBe(7)
  expect(events).toEqual([
    { step: 'building x', state: 'start' },
    { step: 'building x', state: 'progress', detail: '1 of 2' },
    { step: 'building x', state: 'done', ms: 20, detail: 'version 7' },
  ])
})

test('a step that fails has no end', async () => {
  const states: string[] = []
  const failing = asStep(
    ({ state }) => states.push(state),
    'building x',
    () => Promise.reject(new Error('no')),
  )
  await expect(failing).rejects.toThrow('no')
  expect(states).toEqual(['start'])
})
