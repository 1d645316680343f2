import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { readPackage } from './packages.ts'

const folder = mkdtempSync(join(tmpdir(), 'landfall-packages-'))
afterAll(() => rmSync(folder, { recursive: true }))
writeFileSync(join(folder, 'a.go'), '12345')
writeFileSync(join(folder, 'b.go'), '123')

test.each([
  ['false', '', true],
  ['true', 'not installed but available in build cache', true],
  ['true', 'stale dependency: sort', false],
  ['true', 'build ID mismatch', false],
])('a package with Stale %s (%s) is compiled: cached %s', (stale, reason, cached) => {
  expect(readPackage(`example.com/a|${folder}|3|20|${stale}|${reason}|a.go\tb.go\t`)).toEqual({
    path: 'example.com/a',
    bytes: 8,
    imports: 3,
    dependencies: 20,
    cached,
  })
})

test('a package without Go files is never compiled', () => {
  expect(readPackage('unsafe|/go/src/unsafe|0|0|true|stale|').cached).toBe(true)
})
