import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type TarEntry, tarArchive } from './tar-archive.ts'

let directory = ''
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'landfall-tar-'))
})
afterEach(() => {
  rmSync(directory, { recursive: true })
})

const longName = `${'deep/'.repeat(30)}file-ü.txt`
const entries: TarEntry[] = [
  { type: 'directory', path: '/etc/consul', mode: 0o750, uid: 100, gid: 1000 },
  { type: 'file', path: '/etc/consul/a.json', content: '{}', mode: 0o600, uid: 100, gid: 1000 },
  { type: 'file', path: 'bytes', content: Buffer.alloc(1025, 7) },
  { type: 'file', path: longName, content: 'far' },
  { type: 'symlink', path: 'link', target: `/${longName}` },
]

async function listing(...options: string[]): Promise<string[]> {
  const file = join(directory, 'a.tar')
  writeFileSync(file, await tarArchive(entries))
  return execFileSync('tar', ['tvf', file, '--numeric-owner', '--utc', ...options], {
    env: { ...process.env, LC_ALL: 'C.UTF-8' },
  })
    .toString()
    .trimEnd()
    .split('\n')
    .map((line) => line.replaceAll(/ +/g, ' '))
}

test('tar reads owners, modes, names and links; all times are the epoch', async () => {
  expect(await listing('--quoting-style=literal')).toEqual([
    'drwxr-x--- 100/1000 0 1970-01-01 00:00 etc/consul/',
    '-rw------- 100/1000 2 1970-01-01 00:00 etc/consul/a.json',
    '-rw-r--r-- 0/0 1025 1970-01-01 00:00 bytes',
    `-rw-r--r-- 0/0 3 1970-01-01 00:00 ${longName}`,
    `lrwxrwxrwx 0/0 0 1970-01-01 00:00 link -> /${longName}`,
  ])
})

test('tar unpacks the contents', async () => {
  const file = join(directory, 'a.tar')
  writeFileSync(file, await tarArchive(entries))
  execFileSync('tar', ['xf', file, '-C', directory, '--no-same-owner'])
  expect(readFileSync(join(directory, longName), 'utf8')).toBe('far')
  expect(readFileSync(join(directory, 'bytes'))).toEqual(Buffer.alloc(1025, 7))
  expect(statSync(join(directory, 'etc/consul/a.json')).mode & 0o777).toBe(0o600)
})
