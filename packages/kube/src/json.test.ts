import fc from 'fast-check'
import { expect, test } from 'vitest'
import { canonicalJson } from './hash.ts'
import { cloneJson, isSameJson } from './json.ts'

/** Few values and keys, so that many pairs are alike; with what JSON leaves out, and halves of surrogate pairs. */
const json = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom(null, undefined, true, 0, -0, 1, '', 'a', '\ud800', '\ufffd', Number.NaN),
    fc.array(tie('value'), { maxLength: 2 }),
    fc.dictionary(fc.constantFrom('a', 'b', '__proto__', '\ud800'), tie('value'), {
      maxKeys: 3,
      noNullPrototype: true,
    }),
  ),
})).value

test('values are the same where their canonical JSON is', () => {
  let same = 0
  fc.assert(
    fc.property(json, json, (one, other) => {
      const expected = canonicalJson(one ?? null) === canonicalJson(other ?? null)
      if (expected) same++
      expect(isSameJson(one, other)).toBe(expected)
    }),
    { numRuns: 3_000 },
  )
  expect(same).toBeGreaterThan(100)
})

test('a copy is the same and shares nothing', () => {
  fc.assert(
    fc.property(json, (value) => {
      const copy = cloneJson(value)
      expect(copy).toEqual(value)
      if (typeof value === 'object' && value !== null) expect(copy).not.toBe(value)
    }),
  )
})
