import { expect, test } from 'vitest'
import { resolvePlain } from './scalar.ts'

test.each([
  ['', 'null', null],
  ['~', 'null', null],
  ['True', 'bool', true],
  ['yes', 'string', 'yes'],
  ['on', 'string', 'on'],
  ['12', 'int', 12],
  ['+12', 'int', 12],
  ['1_000', 'int', 1000],
  ['0644', 'int', 420],
  ['0o644', 'int', 420],
  ['0x1F', 'int', 31],
  ['0b11', 'int', 3],
  ['08', 'float', 8],
  ['18446744073709551615', 'int', 18446744073709551615n],
  ['1.50', 'float', 1.5],
  ['.5', 'float', 0.5],
  ['1e3', 'float', 1000],
  ['1e400', 'string', '1e400'],
  ['.inf', 'float', Number.POSITIVE_INFINITY],
  ['1:30', 'string', '1:30'],
  ['1.2.3', 'string', '1.2.3'],
  ['2001-02-28', 'timestamp', '2001-02-28T00:00:00Z'],
  ['2001-02-30', 'string', '2001-02-30'],
  ['2001-01-01T10:00:00.50+02:00', 'timestamp', '2001-01-01T10:00:00.5+02:00'],
  ['2001-01-01 1:02:03', 'timestamp', '2001-01-01T01:02:03Z'],
  ['2001-01-01T10:00:00', 'string', '2001-01-01T10:00:00'],
])('%s is %s', (text, type, value) => {
  expect(resolvePlain(text)).toEqual({ type, value })
})
