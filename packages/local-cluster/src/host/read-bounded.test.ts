import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readBounded } from './read-bounded.ts'

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'landfall-read-'))
})
afterEach(() => rmSync(directory, { recursive: true }))

const at = (name: string) => join(directory, name)

test('a file up to the limit is read', () => {
  writeFileSync(at('file'), 'four')
  expect(readBounded(at('file'), 4)).toEqual({ ok: true, text: 'four' })
})

const plants: Record<string, (path: string) => void> = {
  'is a directory, not a file': (path) => mkdirSync(path),
  'is a FIFO, not a file': (path) => execFileSync('mkfifo', [path]),
  'is a device, not a file': (path) => symlinkSync('/dev/zero', path),
  'is larger than 1 KiB': (path) => {
    writeFileSync(path, '')
    truncateSync(path, 3 * 1024 ** 3)
  },
  'cannot be read: its symbolic links form a cycle': (path) => symlinkSync(path, path),
}

test.each(Object.entries(plants))('what is no file of that size: %s', (why, plant) => {
  plant(at('file'))
  expect(readBounded(at('file'), 1024)).toEqual({ ok: false, missing: false, why })
})

test('a socket is no file', async () => {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(at('file'), resolve))
  expect(readBounded(at('file'), 1024)).toMatchObject({ ok: false, why: 'is a socket, not a file' })
  await new Promise((resolve) => server.close(resolve))
})

test('a missing file is missing', () => {
  expect(readBounded(at('file'), 1024)).toMatchObject({ ok: false, missing: true })
})
