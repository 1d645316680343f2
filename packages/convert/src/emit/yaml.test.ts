import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { toYaml } from './yaml.ts'

function readBack(value: unknown): unknown[] {
  const text = toYaml(value)
  return [parse(text), parse(text, { version: '1.1' })]
}

test('whatever is printed reads back the same in YAML 1.1 and 1.2', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
      const plain = JSON.parse(JSON.stringify(value))
      for (const read of readBack(plain)) expect(read).toEqual(plain)
    }),
    { numRuns: 300 },
  )
})

test.each([
  'yes',
  'NO',
  '0777',
  '1:30',
  '1e3',
  '97e6',
  'null',
  '',
  ' x',
  'a: b',
  'a #b',
  '- a',
  'x\n',
  'x\n\n',
  '\nx',
  'a\n  b\n',
  'a \n',
  '\t',
  'tab\tin\nlines',
  'a\u0085b\nc',
  'a\rb\nc',
  'http://x:80/',
  'name:',
  '1Gi',
  '=',
  '<<',
])('the text %j stays a text', (text) => {
  for (const read of readBack({ [text]: text, list: [text] }))
    expect(read).toEqual({ [text]: text, list: [text] })
})

test('objects are printed in block style, in their own order', () => {
  expect(toYaml({ b: 1, a: [{ c: 'x y', d: [] }, 'z'], script: 'one\ntwo\n', e: {} })).toBe(
    ['b: 1', 'a:', '- c: x y', '  d: []', '- z', 'script: |', '  one', '  two', 'e: {}', ''].join(
      '\n',
    ),
  )
})

test('comments are above what they are about, and change nothing of it', () => {
  const value = { kind: 'A', spec: { list: [{ name: 'x', more: [1] }, 'z'], text: 'a\nb\n' } }
  const comments = new Map([
    ['', ['top', 'second line']],
    ['spec/list/0', ['an item']],
    ['spec/list/0/more', ['a field']],
    ['spec/text', ['a block']],
    ['spec/missing', ['never printed']],
  ])
  const printed = toYaml(value, comments)
  expect(printed).toBe(
    `# top
# second line
kind: A
spec:
  list:
  # an item
  - name: x
    # a field
    more:
    - 1
  - z
  # a block
  text: |
    a
    b
`,
  )
  for (const read of [parse(printed), parse(printed, { version: '1.1' })])
    expect(read).toEqual(value)
})

/** Where each value inside of a value is, as comments name it. */
function placesIn(value: unknown, at = ''): string[] {
  const entries = typeof value === 'object' && value !== null ? Object.entries(value) : []
  return [at, ...entries.flatMap(([key, item]) => placesIn(item, at === '' ? key : `${at}/${key}`))]
}

test('with a comment at every place, it reads back the same', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
      const plain = JSON.parse(JSON.stringify(value))
      const comments = new Map(placesIn(plain).map((place) => [place, ['a: "comment" # - |']]))
      const printed = toYaml(plain, comments)
      for (const read of [parse(printed), parse(printed, { version: '1.1' })])
        expect(read).toEqual(plain)
    }),
    { numRuns: 300 },
  )
})
