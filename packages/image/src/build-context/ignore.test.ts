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
  ['**', 'a/b', true],
  ['a/**', 'a/b/c', true],
  ['**b', 'a/b', true],
  ['a**b', 'a/x/b', true],
  ['**.pem', 'a/key.pem', true],
  ['**.pem', 'a/key.pem.txt', false],
  ['**/*.pem', 'k.pem', true],
  ['**/*.pem', 'a/b/k.pem', true],
  ['**/*.pem', 'a/b/k.pem.txt', false],
  ['[a-c]?', 'bx/y', true],
  ['[c-a]', 'b', false],
  ['[]', 'b', false],
  ['a\\', 'a', false],
  ['a//b/../c', 'a/c', true],
  ['*/temp*', 'some/temporary.txt', true],
  ['*/temp*', 'temporary.txt', false],
  ['!', 'a', false],
  ['*\n!', 'a', true],
  ['*\n/!a', 'a', false],
  ['*\n!*/x', 'a/x', false],
  ['secret\u{1F600}*', 'secret\u{1F600}.txt', true],
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

test.each([
  ['a few stars', '*a*a*a*a*ab', 'a'.repeat(4000)],
  ['many stars', `${'*a'.repeat(500)}b`, 'a'.repeat(4000)],
  ['directories', `${'**/a'.repeat(50)}b`, `${'a/'.repeat(100)}c`],
  ['only stars', `${'**'.repeat(500)}b`, `${'a/'.repeat(500)}c`],
])('a pattern takes no longer than its length allows: %s', (_, pattern, path) => {
  const before = process.cpuUsage().user
  expect(parseIgnoreFile(pattern).leavesOut(path)).toBe(false)
  expect(process.cpuUsage().user - before).toBeLessThan(5_000_000)
})
