import { describe, expect, test } from 'vitest'
import { toPlain } from '../tree/plain.ts'
import { readYaml } from './yaml.ts'

/** The value of the key `a` at the end of a text, as go-yaml (Docker Compose 2.40.3) reads it. */
const ends: readonly (readonly [title: string, text: string, value: string])[] = [
  ['a literal block without a line feed', 'a: |\n  x\n  y', 'x\ny'],
  ['a folded block without a line feed', 'a: >\n  x\n  y', 'x y'],
  ['one that keeps line feeds', 'a: |+\n  x', 'x'],
  ['one that strips them', 'a: |-\n  x', 'x'],
  ['one with carriage returns', 'a: |\r\n  x\r\n  y', 'x\ny'],
  ['one with an indentation of its own', 'a: |1\n  x', ' x'],
  ['a last line of spaces, not indented further', 'a: |\n  x\n  ', 'x\n'],
  ['a last line of spaces, indented further', 'a: |\n  x\n    ', 'x\n  '],
  ['a last line that looks like a comment', 'a: |\n  x\n  # y', 'x\n# y'],
  ['a comment below it', 'a: |\n  x\n# y', 'x\n'],
  ['a line feed', 'a: |\n  x\n', 'x\n'],
  ['an empty line', 'a: |\n  x\n\n', 'x\n'],
]

describe('a block at the end of a text', () => {
  for (const [title, text, value] of ends)
    test(title, () => {
      for (const written of [text, `b: !!str c\n${text}`]) {
        const documents = readYaml(written, 'compose.yaml', (problem) => {
          throw new Error(problem.message)
        })
        const root = documents?.[0]?.root
        expect(root?.kind === 'map' && toPlain(root).value).toMatchObject({ a: value })
      }
    })
})
