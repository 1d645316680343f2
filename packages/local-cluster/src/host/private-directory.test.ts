import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { keepPrivate } from './private-directory.ts'

let directory = ''
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'landfall-private-'))
})
afterAll(() => rmSync(directory, { recursive: true }))

const modeOf = (path: string) => statSync(path).mode & 0o7777

test('a new directory is closed to other users whatever the umask, and one that was open is closed', () => {
  const [made, open] = [join(directory, 'a/b'), join(directory, 'open')]
  mkdirSync(open)
  chmodSync(open, 0o777)
  keepPrivate(made, open)
  expect([made, open].map(modeOf)).toEqual([0o700, 0o700])
})

test('a directory that all users share stays open', () => {
  const shared = join(directory, 'shared')
  mkdirSync(shared)
  chmodSync(shared, 0o1777)
  keepPrivate(shared)
  expect(modeOf(shared)).toBe(0o1777)
})
