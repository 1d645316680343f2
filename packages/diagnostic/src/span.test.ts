import { expect, test } from 'vitest'
import { formatSpan, positionAt } from './index.ts'

test('an offset past the end is the end', () => {
  expect(positionAt('ab\ncd', 99)).toEqual({ line: 2, column: 3 })
  expect(positionAt('', 5)).toEqual({ line: 1, column: 1 })
})

test('a line and column lead back to their offset, whichever text was asked for before', () => {
  const texts = ['', '\n', 'a\nbb\r\n\nccc', 'one line', '\n\n']
  for (let offset = 0; offset < 12; offset++)
    for (const text of texts) {
      const { line, column } = positionAt(text, offset)
      const before = text.split('\n').slice(0, line - 1)
      const start = before.reduce((sum, one) => sum + one.length + 1, 0)
      expect(start + column - 1).toBe(Math.min(offset, text.length))
      expect(text.slice(start, start + column - 1)).not.toContain('\n')
    }
})

test('a file whose text is unknown has no line', () => {
  expect(formatSpan({ file: 'a.yaml', start: 3, end: 4 }, new Map())).toBe('a.yaml')
})
