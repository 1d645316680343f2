import fc from 'fast-check'
import { expect, test } from 'vitest'
import { diffLines } from './line-diff.ts'

const text = (...lines: string[]): string => lines.map((line) => `${line}\n`).join('')

test('the first place that differs, with two lines around it', () => {
  const before = text('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k')
  const after = text('a', 'b', 'c', 'D', 'e', 'f', 'g', 'h', 'i', 'j')
  expect(diffLines(before, after)).toEqual({
    added: 1,
    removed: 2,
    hunk: ['@@ -2,5 +2,5 @@', ' b', ' c', '-d', '+D', ' e', ' f'],
  })
})

test.each([
  ['equal texts', text('a'), text('a'), { added: 0, removed: 0 }],
  ['nothing', '', '', { added: 0, removed: 0 }],
  ['an empty file', '', text('a'), { added: 1, removed: 0, hunk: ['@@ -0,0 +1,1 @@', '+a'] }],
  ['all lines', text('a'), '', { added: 0, removed: 1, hunk: ['@@ -1,1 +0,0 @@', '-a'] }],
  [
    'a line in the middle',
    text('a', 'c'),
    text('a', 'b', 'c'),
    { added: 1, removed: 0, hunk: ['@@ -1,2 +1,3 @@', ' a', '+b', ' c'] },
  ],
])('%s', (_, before, after, expected) => {
  expect(diffLines(before, after)).toEqual(expected)
})

test('a long difference is cut, and says how much is left out', () => {
  const { hunk } = diffLines('', text(...Array.from({ length: 40 }, String)))
  expect(hunk).toHaveLength(18)
  expect(hunk?.at(-1)).toBe('… 24 more lines')
})

test('texts of more lines than are compared one by one count as replaced', () => {
  const lines = (mark: string) => text(...Array.from({ length: 2500 }, (_, n) => `${mark}${n}`))
  expect(diffLines(lines('a'), lines('b'))).toMatchObject({ added: 2500, removed: 2500 })
})

test('the counts fit the lengths, and swapping the texts swaps them', () => {
  const lines = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 12 })
  fc.assert(
    fc.property(lines, lines, (before, after) => {
      const { added, removed, hunk } = diffLines(text(...before), text(...after))
      expect(before.length - removed + added).toBe(after.length)
      expect(hunk === undefined).toBe(before.join() === after.join())
      const back = diffLines(text(...after), text(...before))
      expect([back.added, back.removed]).toEqual([removed, added])
    }),
    { numRuns: 300 },
  )
})
