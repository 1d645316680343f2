import { expect, test } from 'vitest'
import { findCycles, reachableFrom } from './dependencies.ts'

function edges(text: string): Map<string, string[]> {
  return new Map(
    text.split(' ').map((part) => {
      const [from = '', to = ''] = part.split('>')
      return [from, to === '' ? [] : to.split(',')]
    }),
  )
}

test.each([
  ['a>b b>c c', []],
  ['a>a', [['a']]],
  ['c>a a>b b>c', [['a', 'b', 'c']]],
  ['a>b,c b>d c>d d', []],
  [
    'a>b b>a c>d d>c',
    [
      ['a', 'b'],
      ['c', 'd'],
    ],
  ],
  [
    'a>b b>c,a c>b',
    [
      ['b', 'c'],
      ['a', 'b'],
    ],
  ],
])('the cycles of %s', (text, cycles) => {
  expect(findCycles(edges(text))).toEqual(cycles)
})

test('what is reached does not hold the start, unless a cycle leads back to it', () => {
  expect([...reachableFrom(edges('a>b b>c c'), 'a')].sort()).toEqual(['b', 'c'])
  expect(reachableFrom(edges('a>b b>a'), 'a').has('a')).toBe(true)
})
