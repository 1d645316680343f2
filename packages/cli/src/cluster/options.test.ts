import { expect, test } from 'vitest'
import { milliseconds } from './options.ts'

test.each([
  ['90', 90_000],
  ['90s', 90_000],
  ['2m30s', 150_000],
  ['10m', 600_000],
  ['1h', 3_600_000],
  ['1h0m5s', 3_605_000],
  ['1.5m', 90_000],
  ['30s2m', 150_000],
  ['1500ms', 1_500],
])('%s is %i milliseconds', (text, ms) => {
  expect(milliseconds(text)).toBe(ms)
})

test.each(['', '0', 's', '5x', '-5s', '-1', '1.2.3', 'soon'])('%j is not a time', (text) => {
  expect(() => milliseconds(text)).toThrow('It must be a time such as 90s, 2m30s or 1h.')
})
