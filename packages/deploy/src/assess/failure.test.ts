import { expect, test } from 'vitest'
import { foldRepeats } from './failure.ts'

test.each([
  ['a b c', 'a b c'],
  ['a a a b', 'a … this line 3 times b'],
  ['x a b a b a b y', 'x a b … these 2 lines 3 times y'],
  ['a a b b', 'a … this line 2 times b … this line 2 times'],
  ['', ''],
])('repeated lines are shown once: %s', (lines, folded) => {
  expect(foldRepeats(lines.split(' ')).join(' ')).toBe(folded)
})
