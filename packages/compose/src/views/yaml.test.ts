import { expect, test } from 'vitest'
import { listNode, mapNode, textNode } from '../tree/node.ts'
import { printYaml } from './yaml.ts'
import { printText } from './yaml-scalar.ts'

test.each([
  ['plain', 'plain'],
  ['', '""'],
  ['~', '"~"'],
  ['no', '"no"'],
  ['1e3', '"1e3"'],
  ['12:30', '"12:30"'],
  ['2020-01-01', '"2020-01-01"'],
  ['=', '='],
  ['<<', '<<'],
  ['a: b', "'a: b'"],
  ["it's", "it's"],
  ["#it's", "'#it''s'"],
  ['a\tb', '"a\\tb"'],
  [' a', "' a'"],
  ['a\nb', '|-\n  a\n  b'],
  ['a\n', '|\n  a\n'],
  ['a\n\n', '|+\n  a\n\n'],
  [' a\nb', '|2-\n   a\n  b'],
  ['\na', '|2-\n\n  a'],
  ['a \nb', '"a \\nb"'],
  ['a\r\nb', '"a\\r\\nb"'],
  ['😀', '"\\U0001F600"'],
  ['é', 'é'],
  ['\u00a0', '\u00a0'],
  ['\u2028a', "'\u2028  a'"],
  ['x\u2028y', "'x\u2028  y'"],
  ['\ufeffab', '"\\uFEFF\\x61\\x62"'],
])('%j is printed as %j', (text, printed) => {
  expect(printText(text, 2)).toBe(printed)
})

test('lists stand further in than their key, and keys that are long or have several lines on their own', () => {
  const text = (value: string) => textNode(value, [])
  const long = 'k'.repeat(129)
  const tree = mapNode(
    [],
    [
      ['a', listNode([], [text('x'), listNode([], [text('w'), mapNode([], [['b', text('z')]])])])],
      ['two\nlines', text('v')],
      [long, listNode([], [text('w')])],
      ['none', listNode([])],
    ],
  )
  expect(printYaml(tree)).toBe(
    `a:\n  - x\n  - - w\n    - b: z\n? |-\n  two\n  lines\n: v\n? ${long}\n: - w\nnone: []\n`,
  )
})
