import { askGo, goIsMissing } from '@landfall/testkit/go-oracle'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { canonicalJson } from './hash.ts'

const missing = goIsMissing()

const letters = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom(...'<>&\u2028\u2029\b\f\0\x7f"\\/aé\uFFFD\uFF5E\u{1F600}') }),
  fc.string({ unit: fc.constantFrom('\ud800', '\udc00', 'a') }),
  fc.nat().map(String),
)
/** -0 is left out: JSON.stringify writes it as 0, so that no object in JSON or YAML holds one. */
const numbers = fc
  .oneof(
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.nat(30).map((power) => 10 ** power),
  )
  .filter((number) => !Object.is(number, -0))
const { value: json } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.oneof(fc.constantFrom(null, true, false), numbers, letters),
    fc.array(tie('value'), { maxLength: 5 }),
    fc.dictionary(letters, tie('value'), { maxKeys: 8 }),
  ),
}))

describe.skipIf(missing !== undefined)(
  `the text of a value is the one of Go${missing === undefined ? '' : ` (${missing})`}`,
  () => {
    test('for any value', () => {
      const sample = fc.sample(json, 5000)
      const go = askGo('json', sample)
      for (const [index, value] of sample.entries()) expect(canonicalJson(value)).toBe(go[index])
    })
  },
)
