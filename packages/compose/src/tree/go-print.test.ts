import { expect, test } from 'vitest'
import { asFloat32, goPrintFloat } from './go-print.ts'

test.each([
  [1.5, '1.5'],
  [1000, '1000'],
  [123456, '123456'],
  [1234567, '1.234567e+06'],
  [100000000, '1e+08'],
  [0.0001, '0.0001'],
  [0.00001, '1e-05'],
  [Number.POSITIVE_INFINITY, '+Inf'],
  [-0, '-0'],
])('%d prints as %s', (value, text) => {
  expect(goPrintFloat(value)).toBe(text)
})

test('a float32 keeps the digits that tell it from its neighbours', () => {
  expect(asFloat32(1 / 3)).toBe(0.33333334)
  expect(asFloat32(0.5)).toBe(0.5)
  expect(asFloat32(16777217)).toBe(16777216)
})
