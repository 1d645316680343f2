import { expect, test } from 'vitest'
import { byCodePoint, byNature } from './key-order.ts'

test.each([
  ['k9 k09 k10'],
  ['k1 k01 k001'],
  ['a- a1 ab'],
  ['A B a b'],
  ['1 a'],
  ['x1y x1-y'],
  ['1.9 1.10'],
  ['a aa'],
])('go-yaml orders %s', (keys) => {
  const ordered = keys.split(' ')
  expect([...ordered].sort(byNature)).toEqual(ordered)
  expect([...ordered].reverse().sort(byNature)).toEqual(ordered)
})

test('JSON is ordered by code point, not by the units of UTF-16', () => {
  expect(['\u{1f600}', '\uffee', 'b', 'B', 'a10', 'a9'].sort(byCodePoint)).toEqual([
    ...['B', 'a10', 'a9', 'b', '\uffee', '\u{1f600}'],
  ])
})
