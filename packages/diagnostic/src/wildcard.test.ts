import fc from 'fast-check'
import { expect, test } from 'vitest'
import { matchesWildcard, starPattern } from './wildcard.ts'

test('a pattern with stars matches as the regular expression does', () => {
  const letters = (...characters: string[]) =>
    fc.array(fc.constantFrom(...characters), { maxLength: 8 }).map((all) => all.join(''))
  fc.assert(
    fc.property(letters('a', 'b', '*'), letters('a', 'b'), (pattern, text) => {
      const expected = new RegExp(`^${pattern.replace(/\*+/g, '.*')}$`).test(text)
      expect(matchesWildcard(starPattern(pattern), text)).toBe(expected)
    }),
  )
})

test('a pattern that no regular expression of JavaScript ends with takes a moment', () => {
  const before = process.cpuUsage().user
  expect(matchesWildcard(starPattern(`${'*a'.repeat(500)}b`), 'a'.repeat(5000))).toBe(false)
  expect(process.cpuUsage().user - before).toBeLessThan(5_000_000)
})
