import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseDuration, parseSeconds, printDuration } from './duration.ts'

test.each([
  ['90s', '1m30s'],
  ['1d', '24h0m0s'],
  ['1w2d', '216h0m0s'],
  ['1500ms', '1.5s'],
  ['10us', '10µs'],
  ['1.5h', '1h30m0s'],
  ['0', '0s'],
  ['-0', '0s'],
  ['+5s', '5s'],
  ['-1.5s', '-1.5s'],
  ['30s2m', '2m30s'],
  ['.5s', '500ms'],
  ['1.s', '1s'],
  ['0.9ns', '0s'],
  ['0.3333333333333333333h', '20m0s'],
  ['0.99999999999999999999999s', '1s'],
  ['9223372036854775807ns', '2562047h47m16.854775807s'],
])('%s prints as %s', (text, printed) => {
  expect(printDuration(parseDuration(text) as bigint)).toBe(printed)
})

test.each([
  '10',
  '',
  's',
  '.s',
  '5 s',
  '1x',
  '-',
  '--1s',
  '1s-1s',
  '1sm',
  '1S',
  '1e3s',
  '9223372036854775808ns',
  '15251w',
])('%j is not a duration', (text) => {
  expect(parseDuration(text)).toBeUndefined()
  expect(parseSeconds(text)).toBeUndefined()
})

test.each([
  ['1m30s', 90],
  ['100ms', 0.1],
  ['1w', 604_800],
  ['0', 0],
  ['-1s', undefined],
])('%s is %s seconds', (text, seconds) => {
  expect(parseSeconds(text)).toBe(seconds)
})

test('what is printed reads back as the same', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 62n), max: 2n ** 62n }), (nanoseconds) => {
      expect(parseDuration(printDuration(nanoseconds))).toBe(nanoseconds)
    }),
  )
})
