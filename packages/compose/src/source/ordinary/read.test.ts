import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type ParsedNode, parseAllDocuments } from 'yaml'
import { toSyntax } from '../library-syntax.ts'
import type { SyntaxNode } from '../syntax.ts'
import { readOrdinary } from './read.ts'

/** What the reader of all YAML makes of a text; undefined: errors, or not exactly one document. */
function readByLibrary(text: string): SyntaxNode | undefined {
  const documents = parseAllDocuments(text, {
    schema: 'failsafe',
    uniqueKeys: false,
    logLevel: 'silent',
  })
  const [document] = documents
  if (documents.length !== 1 || document === undefined || document.errors.length > 0)
    return undefined
  return toSyntax(document.contents as ParsedNode, text)
}

const project = `# a project
x-base: &base
  restart: always # as the others
  logging: {driver: "json-file", options: {max-size: '10m', tag: it''s}}

services:
  web:
    <<: *base
    image: "nginx:\${TAG:-1.27}\\t\\u00e9"
    command: serve --port 80
      --host 0.0.0.0

      --quiet
    ports:
    - "8080:80"
    - 443
    environment:
    - URL=http://db:5432/#x
    - EMPTY=
    healthcheck:
      test: ["CMD", "curl", -f,
        # the page
        http://localhost,
      ]
    empty:
    nested:
      - - a
        - b
      - name: x
        of: [ ]
      -
        key: &k value
      - *k
    script: |
      set -e

        indented
      done

    folded: >-
      one
      two

      three
        four
      five
  # the end
  'quoted key': ~
`

test('a project is read, and as by a reader of all YAML', () => {
  const read = readOrdinary(project)
  expect(read).toMatchObject({ kind: 'map' })
  expect(read).toEqual(readByLibrary(project))
})

test.each([
  '--- # comment\na: b',
  '---\na: b',
  '\n\n# x\na: b\n\n# y',
  'a:\n  b\n',
  'a:\n- b\n-\n- c: d\n  e: f',
  'a: b\r\n',
  'a:\tb',
  '- a\n- b',
  'a: !reset null',
  '? a\n: b',
  'a: "x\n  y"',
  'a: {b, c: }',
  'a: [b: c]',
  'a: b: c',
  'a: [b\n]',
  'a:\n  b:\n #c\n    d\n   e\n  f:\n',
  'a:\n- {b: c\n}',
  'a: [[b\n]]',
  'a:\n  - [[b],\n  ]',
  'a: |2\n   b',
  'a: |+\n  b\n\n',
  'a: |\n\n     \n  b',
  'a: b\n  # c\n  d',
  'a: b\n...\n',
  'a: b\n--- \nc: d',
  '%YAML 1.2\n---\na: b',
  'a\n',
  '',
  '&a b: c',
  '- &a b: c',
  '*a : b',
  'a: *a:',
  'a: @b',
  ' a: b',
  'a: "\\q"',
  'a: [a]b',
  `${'k'.repeat(1100)}: v`,
])('%j is read as by a reader of all YAML, or left to it', (text) => {
  const read = readOrdinary(text)
  if (read !== undefined) expect(read).toEqual(readByLibrary(text))
})

test('any text is read as by a reader of all YAML, or left to it', () => {
  const blanks = [
    '\n',
    '\n  ',
    '\n    ',
    '\n ',
    ' ',
    '\n- ',
    '\n  - ',
    '\nk: ',
    '\n  k: ',
    '\n    k: ',
  ]
  const marks = [
    '- ',
    '-',
    '[',
    ']',
    '{',
    '}',
    ', ',
    ',',
    ':',
    '#',
    ' # c',
    '|',
    '>',
    '|-',
    '>-',
    '?',
    '"',
    "'",
  ]
  const words = [
    'a',
    'b: ',
    'c:',
    '"q"',
    "'it''s'",
    '"\\n"',
    '&a ',
    '*a',
    '<<: ',
    'http://x:80',
    '~',
    '@',
    '%',
    '!t ',
    '---',
  ]
  const text = fc
    .array(fc.constantFrom(...blanks, ...marks, ...words), { maxLength: 14 })
    .map((pieces) => `k: ${pieces.join('')}`)
  const cut = fc
    .tuple(fc.nat(project.length), fc.nat(4), fc.constantFrom(...blanks, ...marks, ...words))
    .map(([at, length, piece]) => project.slice(0, at) + piece + project.slice(at + length))
  let read = 0
  fc.assert(
    fc.property(fc.oneof(text, cut), (anything) => {
      const ordinary = readOrdinary(anything)
      if (ordinary === undefined) return
      read++
      expect(ordinary).toEqual(readByLibrary(anything))
    }),
    { numRuns: 1500 },
  )
  expect(read).toBeGreaterThan(200)
})
