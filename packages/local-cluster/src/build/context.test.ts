import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { contextHash } from './context.ts'

let directory = ''
const at = (name: string) => join(directory, name)

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'landfall-context-'))
  mkdirSync(at('src'))
  mkdirSync(at('node_modules'))
  writeFileSync(at('src/a.js'), 'a')
  writeFileSync(at('node_modules/b.js'), 'b')
  writeFileSync(at('.dockerignore'), 'node_modules\n')
  symlinkSync('a.js', at('src/link'))
})
afterEach(() => rmSync(directory, { recursive: true }))

test('what a build cannot see, and times, do not count', () => {
  const before = contextHash(directory, undefined)
  writeFileSync(at('node_modules/b.js'), 'changed')
  utimesSync(at('src/a.js'), 1000, 1000)
  expect(contextHash(directory, undefined)).toBe(before)
})

test.each<[string, () => void]>([
  ['a content', () => writeFileSync(at('src/a.js'), 'changed')],
  ['a new file', () => writeFileSync(at('src/new'), '')],
  ['a mode', () => chmodSync(at('src/a.js'), 0o755)],
  ['what is left out', () => writeFileSync(at('.dockerignore'), '')],
])('%s counts', (_, change) => {
  const before = contextHash(directory, undefined)
  change()
  expect(contextHash(directory, undefined)).not.toBe(before)
})

test("a Dockerfile's own ignore file takes the place of the context's", () => {
  writeFileSync(at('Dockerfile.dockerignore'), 'src\n')
  const before = contextHash(directory, at('Dockerfile'))
  writeFileSync(at('src/a.js'), 'changed')
  expect(contextHash(directory, at('Dockerfile'))).toBe(before)
  writeFileSync(at('node_modules/b.js'), 'changed')
  expect(contextHash(directory, at('Dockerfile'))).not.toBe(before)
})
