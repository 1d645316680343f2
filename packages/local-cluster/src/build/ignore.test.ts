import { expect, test } from 'vitest'
import { parseIgnoreFile } from './ignore.ts'

test.each([
  ['node_modules', 'node_modules/a/b.js', true],
  ['node_modules', 'sub/node_modules/a.js', false],
  ['**/node_modules', 'sub/node_modules/a.js', true],
  ['**/node_modules', 'node_modules/a.js', true],
  ['/dist/', 'dist/x', true],
  ['./dist', 'dist', true],
  ['*.md', 'README.md', true],
  ['*.md', 'docs/README.md', false],
  ['**/*.md', 'docs/deep/README.md', true],
  ['docs/**', 'docs/a/b', true],
  ['?.txt', 'a.txt', true],
  ['?.txt', 'ab.txt', false],
  ['[ab].txt', 'b.txt', true],
  ['a.b', 'aXb', false],
  ['# comment', '# comment', false],
  ['a+b', 'a+b', true],
  ['a+b', 'aab', false],
  ['a\\+b', 'a+b', true],
  ['(a)', '(a)', true],
  ['a|b', 'a', false],
  ['^a', 'a', false],
  ['^a', '^a', true],
  ['[^a]', 'b', true],
  ['[ab', 'a', false],
  ['Dist', 'dist/x', false],
])('%s and %s: left out %s', (pattern, path, out) => {
  expect(parseIgnoreFile(`\n${pattern}\n`).leavesOut(path)).toBe(out)
})

test('the last line that fits decides', () => {
  const { leavesOut, hasExceptions } = parseIgnoreFile('*\n!src\nsrc/secret\n!src/secret/public\n')
  expect(hasExceptions).toBe(true)
  expect(
    ['a', 'src/x', 'src/secret/y', 'src/secret/public/z'].map((path) => leavesOut(path)),
  ).toEqual([true, false, true, false])
})
