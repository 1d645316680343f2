import { expect, test } from 'vitest'
import { describeWork } from './words.ts'

test.each([
  [
    { done: 0, total: 2845, current: 'runtime', leftMs: undefined },
    '0 of 2845 packages, runtime, then linking and CoreDNS',
  ],
  [
    { done: 12, total: 40, current: 'k8s.io/api/core/v1', leftMs: 252_000 },
    '12 of 40 packages, 4 min left, k8s.io/api/core/v1, then linking and CoreDNS',
  ],
  [
    { done: 40, total: 40, current: 'linking', leftMs: 34_000 },
    '40 of 40 packages, 30 s left, linking, then CoreDNS',
  ],
  [
    { done: 40, total: 40, current: 'linking', leftMs: 2_000 },
    '40 of 40 packages, a few seconds left, linking, then CoreDNS',
  ],
  [{ done: 0, total: 0, current: 'linking', leftMs: undefined }, 'linking, then CoreDNS'],
])('%o', (state, text) => {
  expect(describeWork(state, 'CoreDNS')).toBe(text)
})

test('the last program has nothing after it', () => {
  const state = { done: 0, total: 0, current: 'linking', leftMs: undefined }
  expect(describeWork(state, undefined)).toBe('linking')
})
