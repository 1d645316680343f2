import fc from 'fast-check'
import { expect, test } from 'vitest'
import { textFinder } from './text-finder.ts'

test('the longest of the texts at the first place where one is', () => {
  const finder = textFinder(['hop', 'hop-1', 'top', ''])
  expect(finder.next('a hop-1 hop')).toEqual({ start: 2, end: 7 })
  expect(finder.next('a hop-1 hop', 3)).toEqual({ start: 8, end: 11 })
  expect(finder.next('a hop-1 hop', 0, ({ end }) => end < 6)).toEqual({ start: 2, end: 5 })
  expect(finder.next('nothing')).toBeUndefined()
  expect(textFinder([]).isIn('text')).toBe(false)
})

test('a text is found where `includes` finds it', () => {
  const short = fc.string({ unit: fc.constantFrom('a', 'b', '-'), maxLength: 4 })
  const long = fc.string({ unit: fc.constantFrom('a', 'b', '-'), maxLength: 30 })
  fc.assert(
    fc.property(fc.array(short), long, (texts, text) => {
      const expected = texts.some((one) => one !== '' && text.includes(one))
      expect(textFinder(texts).isIn(text)).toBe(expected)
    }),
  )
})
