import fc from 'fast-check'
import { expect, test } from 'vitest'
import { loadProject, memoryFiles } from '../index.ts'
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

/** Go writes the line breaks of YAML 1.1 bare into quotes; characters that YAML forbids are no texts. */
const notRead = /[\u2028\u2029\ufffe\uffff]/

test('whatever a text holds, it is read back as it was', () => {
  const piece = fc.constantFrom(
    ...[' ', '\n', '\t', 'a', ':', '#', '-', '?', '"', "'", '\\', '~', '1', '.', '😀'],
  )
  const texts = fc.oneof(
    fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join('')),
    fc.string({ unit: 'binary', maxLength: 12 }).filter((text) => !notRead.test(text)),
  )
  fc.assert(
    fc.property(fc.array(texts, { minLength: 1, maxLength: 5 }), (values) => {
      const nodes = values.map((value) => textNode(value, []))
      const service = mapNode([], [['image', textNode('i', [])]])
      const printed = printYaml(
        mapNode(
          [],
          [
            ['services', mapNode([], [['s', service]])],
            ['x-texts', listNode([], nodes)],
          ],
        ),
      )
      const { project } = loadProject({
        files: memoryFiles({ '/p/compose.yaml': printed.replaceAll('$', '$$$$') }),
        workingDirectory: '/p',
        environment: {},
      })
      expect(project?.['x-texts']).toEqual(values)
    }),
    { numRuns: 300 },
  )
})
