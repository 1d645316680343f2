import { askGo, goIsMissing } from '@landfall/testkit/go-oracle'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { dockerBytes } from './bytes.ts'
import { parseDuration } from './duration.ts'

const missing = goIsMissing()
const values = 3000

const digits = fc.stringMatching(/^([0-9]{1,3}|[0-9]{17,21})$/)
const amount = fc.oneof(
  digits,
  fc.tuple(digits, digits).map((parts) => parts.join('.')),
  digits.map((fraction) => `.${fraction}`),
  digits.map((whole) => `${whole}.`),
)
const rarely = (texts: readonly string[]) =>
  fc.oneof({ arbitrary: fc.constant(''), weight: 5 }, fc.constantFrom(...texts))

const durations = fc
  .tuple(
    rarely(['-', '+', ' ', '--']),
    fc.array(fc.tuple(amount, fc.constantFrom(...'ns us µs μs ms s m h d w y M'.split(' ')))),
    rarely(['0', '5', 's', ' ']),
  )
  .map(([sign, parts, end]) => `${sign}${parts.flat().join('')}${end}`)

const suffixes = [
  'b',
  'k',
  'K',
  'kb',
  'kib',
  'KiB',
  'ki',
  'm',
  'MB',
  'g',
  'Gib',
  't',
  'p',
  'P',
  'e',
  'bb',
  'ib',
]
const sizes = fc
  .tuple(
    rarely(['-', '+', ' ']),
    amount,
    rarely(['e3', 'E-2', 'e+1', 'e400', 'e']),
    rarely([' ', '  ']),
    fc.constantFrom('', ...suffixes),
  )
  .map((parts) => parts.join(''))

describe.skipIf(missing !== undefined)(
  `durations and sizes are read as Go does${missing === undefined ? '' : ` (${missing})`}`,
  () => {
    test.each([
      ['duration', durations, parseDuration],
      ['bytes', sizes, dockerBytes],
    ] as const)('%s', (question, texts, parse) => {
      const sample = fc.sample(texts, values)
      const go = askGo(question, sample)
      const differences = sample
        .map((text, index) => [text, go[index] ?? null, parse(text)?.toString() ?? null])
        .filter(([, theirs, ours]) => !agree(theirs, ours))
      expect(differences).toEqual([])
    })
  },
)

/** The least number of 64 bits stands for a size that does not fit, printed as a number of JavaScript. */
function agree(theirs: string | null | undefined, ours: string | null | undefined): boolean {
  if (typeof theirs !== 'string' || typeof ours !== 'string') return theirs === ours
  return theirs === ours || Number(theirs) === Number(ours)
}
