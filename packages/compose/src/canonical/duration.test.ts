import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseDuration, printDuration } from './duration.ts'

test.each([
  ['90s', '1m30s'],
  ['1d', '24h0m0s'],
  ['1500ms', '1.5s'],
  ['10us', '10µs'],
  ['1.5h', '1h30m0s'],
  ['0', '0s'],
])('%s prints as %s', (text, printed) => {
  expect(printDuration(parseDuration(text) as bigint)).toBe(printed)
})

test.each(['10', '', 's', '5 s', '1x', '-'])('"%s" is no duration', (text) => {
  expect(parseDuration(text)).toBeUndefined()
})

test('what is printed reads back as the same', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 62n), max: 2n ** 62n }), (nanoseconds) => {
      expect(parseDuration(printDuration(nanoseconds))).toBe(nanoseconds)
    }),
  )
})
