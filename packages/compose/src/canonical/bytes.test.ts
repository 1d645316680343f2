import { expect, test } from 'vitest'
import { dockerBytes, parseBytes } from './bytes.ts'

test.each([
  ['0', 0],
  ['512', 512],
  ['10b', 10],
  ['64k', 65_536],
  ['64 KiB', 65_536],
  ['1.5gb', 1_610_612_736],
  ['.5m', 524_288],
  ['1.m', 1_048_576],
  ['1.9', 1],
  ['1e3', 1000],
  ['1e-1k', 102],
  ['+1k', 1024],
  ['-0', 0],
  ['5 ', 5],
  ['2TB', 2 * 1024 ** 4],
  ['1p', 1024 ** 5],
  ['7.999p', Math.trunc(7.999 * 1024 ** 5)],
  ['8191p', 8191 * 1024 ** 5],
])('%j is %d bytes', (text, bytes) => {
  expect(dockerBytes(text)).toBe(bytes)
  expect(parseBytes(text)).toBe(bytes)
})

test.each([
  '',
  ' ',
  'k',
  '-1',
  '-0.5k',
  '5  k',
  '5bb',
  '5kib b',
  '5ib',
  '5kbi',
  '5e',
  '1,5k',
  'inf',
  '1e400',
])('%j is not a size', (text) => {
  expect(dockerBytes(text)).toBeUndefined()
  expect(parseBytes(text)).toBeUndefined()
})

test.each(['8192p', '9223372036854775808', '1e30'])(
  '%s does not fit into the 64 bits of Docker',
  (text) => {
    expect(dockerBytes(text)).toBe(-(2 ** 63))
    expect(parseBytes(text)).toBeUndefined()
  },
)
