import fc from 'fast-check'
import { expect, test } from 'vitest'
import { byteQuantity, cpuQuantity, isQuantity, parseQuantity } from './quantity.ts'

test.each([
  [0, '0'],
  [1000, '1000'],
  [536870912, '512Mi'],
  [1610612736, '1536Mi'],
  [1024 ** 6, '1024Pi'],
])('%j bytes are the quantity %j', (bytes, quantity) => {
  expect(byteQuantity(bytes)).toBe(quantity)
})

test.each([
  ['0.5', '500m'],
  [2, '2'],
  [0.1 + 0.2, '300m'],
  ['0.0001', '1m'],
  [1.25, '1250m'],
  ['', undefined],
  ['many', undefined],
  [-1, undefined],
])('%j processors are the quantity %j', (cpus, quantity) => {
  expect(cpuQuantity(cpus)).toBe(quantity)
})

test.each([
  ['256Mi', 268_435_456],
  ['1e3', 1000],
  ['.5', 0.5],
  ['100m', 0.1],
  ['2k', 2000],
  ['1.5Gi', 1_610_612_736],
  ['2E', 2e18],
  ['5 Gi', undefined],
  ['512MB', undefined],
  ['1ki', undefined],
  ['1e3k', undefined],
  ['', undefined],
])('%j stands for %j', (text, number) => {
  expect(parseQuantity(text)).toBe(number)
  expect(isQuantity(text)).toBe(number !== undefined)
})

test('a quantity made of bytes is a quantity and stands for as many bytes', () => {
  fc.assert(
    fc.property(fc.nat({ max: 2 ** 31 - 1 }), fc.nat({ max: 3 }), (amount, power) => {
      const bytes = amount * 1024 ** power
      expect(byteQuantity(bytes)).toSatisfy(isQuantity)
      expect(parseQuantity(byteQuantity(bytes))).toBe(bytes)
    }),
  )
})
