import fc from 'fast-check'
import { expect, test } from 'vitest'
import { byteQuantity, cpuQuantity, isQuantity, parseByteValue } from './quantity.ts'

test.each([
  ['536870912', 536870912],
  [1024, 1024],
  ['512m', 536870912],
  ['1.5gb', 1610612736],
  ['64 KiB', 65536],
  ['2TB', 2 * 1024 ** 4],
  ['10b', 10],
  ['lots', undefined],
  ['-1', undefined],
  ['', undefined],
])('%j is %j bytes', (value, bytes) => {
  expect(parseByteValue(value)).toBe(bytes)
})

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
  ['256Mi', true],
  ['1e3', true],
  ['.5', true],
  ['100m', true],
  ['5 Gi', false],
  ['512MB', false],
  ['1ki', false],
  ['', false],
])('whether %j is a quantity: %j', (text, expected) => {
  expect(isQuantity(text)).toBe(expected)
})

test('a quantity made of bytes is a quantity and stands for as many bytes', () => {
  fc.assert(
    fc.property(fc.nat({ max: 2 ** 31 - 1 }), fc.nat({ max: 3 }), (amount, power) => {
      const bytes = amount * 1024 ** power
      expect(byteQuantity(bytes)).toSatisfy(isQuantity)
      expect(parseByteValue(byteQuantity(bytes))).toBe(bytes)
    }),
  )
})
