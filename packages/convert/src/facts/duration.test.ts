import { expect, test } from 'vitest'
import { parseDuration } from './duration.ts'

test.each([
  ['1m30s', 90],
  ['1h0m0s', 3600],
  ['100ms', 0.1],
  ['1.5s', 1.5],
  ['0', 0],
  ['10', undefined],
  ['', undefined],
  ['1d', undefined],
])('%s is %s seconds', (text, seconds) => {
  expect(parseDuration(text)).toBe(seconds)
})
