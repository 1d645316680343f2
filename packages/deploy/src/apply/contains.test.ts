import { expect, test } from 'vitest'
import { contains } from './contains.ts'

test.each([
  ['defaults that the cluster adds', { a: 1, b: 2 }, { a: 1 }, true],
  ['a changed value', { a: 1 }, { a: 2 }, false],
  ['a value that went away', {}, { a: 2 }, false],
  ['defaults in the items of a list', [{ a: 1, b: 2 }], [{ a: 1 }], true],
  ['an item more', [1, 2], [1], false],
  ['the order of a list', [2, 1], [1, 2], false],
  ['an empty mapping that the cluster leaves out', {}, { a: {} }, true],
  ['an empty list that the cluster leaves out', {}, { a: [] }, true],
  ['a false that the cluster leaves out', {}, { a: false }, true],
  ['a true that went away', {}, { a: true }, false],
  ['a list where a mapping was asked for', { a: 'x' }, { a: { b: 1 } }, false],
])('%s', (_name, live, desired, expected) => {
  expect(contains(live, desired)).toBe(expected)
})
