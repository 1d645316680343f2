import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { tarOf } from './tar.ts'

const directory = mkdtempSync(join(tmpdir(), 'landfall-tar-'))
afterAll(() => rmSync(directory, { recursive: true }))

test('tar unpacks paths of any length and letters, modes, bytes and empty directories', () => {
  const long = `${'deep/'.repeat(30)}${'x'.repeat(120)}.txt`
  const bytes = Uint8Array.from({ length: 1500 }, (_, index) => index % 256)
  const archive = tarOf([
    { path: 'empty', mode: 0o711 },
    { path: 'with space/ünï çødé ☃.bin', mode: 0o640, bytes },
    { path: long, mode: 0o755, bytes: new Uint8Array() },
    { path: 'x'.repeat(100), mode: 0o600, bytes: Uint8Array.of(1) },
  ])
  writeFileSync(join(directory, 'archive.tar'), archive)
  execFileSync('tar', ['-xpf', 'archive.tar'], { cwd: directory })
  const modeOf = (path: string) => statSync(join(directory, path)).mode & 0o777
  expect(modeOf('empty')).toBe(0o711)
  expect(new Uint8Array(readFileSync(join(directory, 'with space/ünï çødé ☃.bin')))).toEqual(bytes)
  expect(modeOf('with space/ünï çødé ☃.bin')).toBe(0o640)
  expect(modeOf(long)).toBe(0o755)
  expect(modeOf('x'.repeat(100))).toBe(0o600)
})
