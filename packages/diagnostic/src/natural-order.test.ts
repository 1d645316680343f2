import fc from 'fast-check'
import { expect, test } from 'vitest'
import { naturalOrder, sortByPointer } from './natural-order.ts'

test.each([
  [
    ['/ports/10', '/ports/9', '/ports/1'],
    ['/ports/1', '/ports/9', '/ports/10'],
  ],
  [
    ['18.20.0', '18.9.1', '18.9'],
    ['18.9', '18.9.1', '18.20.0'],
  ],
  [
    ['b', 'a_b', 'a-b', 'B', ''],
    ['', 'B', 'a-b', 'a_b', 'b'],
  ],
  [
    ['a10', 'a', 'a1b', 'a1'],
    ['a', 'a1', 'a1b', 'a10'],
  ],
  [
    ['99999999999999999999', '100000000000000000000'],
    ['99999999999999999999', '100000000000000000000'],
  ],
  [
    ['1', '01', '001'],
    ['001', '01', '1'],
  ],
])('%j is sorted as %j', (texts, sorted) => {
  expect(texts.toSorted(naturalOrder)).toEqual(sorted)
})

test('it is an order: nothing but equal texts is equal, and the other way round is the opposite', () => {
  const texts = fc.string({ unit: fc.constantFrom('0', '1', '9', 'a', 'b', '/', '_') })
  fc.assert(
    fc.property(texts, texts, (a, b) => {
      expect(naturalOrder(a, b) === 0).toBe(a === b)
      expect(Math.sign(naturalOrder(a, b))).toBe(-Math.sign(naturalOrder(b, a)) + 0)
    }),
  )
})

test('pointers are in order key by key', () => {
  const sorted = ['/a', '/a/ports/9', '/a/ports/10', '/a-b', '/a-b/image', '/b']
  expect(sortByPointer(sorted.toReversed(), (pointer) => pointer)).toEqual(sorted)
})
