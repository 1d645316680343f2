import { execFileSync } from 'node:child_process'
import {
  closeSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { CannotWrite } from '../write-whole.ts'
import { openContinued, openLog } from './continued-file.ts'
import { writeKernelFile } from './kernel-file.ts'
import { copyNew, copyNewTree, linkNew, openNew, streamNew, writeNew } from './new-file.ts'

let directory: string
const at = (name: string) => join(directory, name)
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'landfall-files-'))
  writeFileSync(at('victim'), 'untouched')
  mkdirSync(at('tree'))
  writeFileSync(at('tree/a'), 'a')
})
afterEach(() => rmSync(directory, { recursive: true }))

const makers: Record<string, (file: string) => unknown> = {
  writeNew: (file) => writeNew(file, 'new'),
  streamNew: (file) => pipeline(Readable.from(['new']), streamNew(file)),
  openNew: (file) => closeSync(openNew(file)),
  copyNew: (file) => copyNew(at('tree/a'), file),
  copyNewTree: (file) => copyNewTree(at('tree'), file),
  linkNew: (file) => linkNew('victim', file),
}

describe.each(Object.entries(makers))('%s', (_, make) => {
  const attempt = async () => make(at('file'))

  test('makes what does not exist', async () => {
    await attempt()
    expect(lstatSync(at('file'))).toBeDefined()
  })

  test.each([
    ['a link', () => symlinkSync('victim', at('file'))],
    ['a dangling link', () => symlinkSync('nothing', at('file'))],
    ['a file', () => writeFileSync(at('file'), 'old')],
    ['a FIFO', () => execFileSync('mkfifo', [at('file')])],
  ])('fails where there is %s, and follows nothing', async (_kind, plant) => {
    plant()
    await expect(attempt()).rejects.toThrow('EEXIST')
    expect(readFileSync(at('victim'), 'utf8')).toBe('untouched')
    expect(lstatSync(at('nothing'), { throwIfNoEntry: false })).toBeUndefined()
  })
})

test('links in a copied tree stay links: what they point to is not copied', () => {
  symlinkSync('/etc/passwd', at('tree/link'))
  copyNewTree(at('tree'), at('copy'))
  expect(lstatSync(at('copy/link')).isSymbolicLink()).toBe(true)
})

test('the mode of secret content is there from the start', () => {
  closeSync(openNew(at('file'), 0o600))
  writeNew(at('other'), 'x', 0o600)
  expect([statSync(at('file')).mode & 0o777, statSync(at('other')).mode & 0o777]).toEqual([
    0o600, 0o600,
  ])
})

test('a file is continued at its end, and made for its owner alone', () => {
  for (const text of ['one\n', 'two\n']) {
    const descriptor = openContinued(at('log'), 'append')
    writeSync(descriptor, text)
    closeSync(descriptor)
  }
  expect(readFileSync(at('log'), 'utf8')).toBe('one\ntwo\n')
  expect(statSync(at('log')).mode & 0o777).toBe(0o600)
})

test.each([
  ['it is a symbolic link', () => symlinkSync('victim', at('log'))],
  ['it has another name', () => linkSync(at('victim'), at('log'))],
  ['it is not a regular file', () => execFileSync('mkfifo', [at('log')])],
])('a file is not continued: %s', (reason, plant) => {
  plant()
  expect(() => openContinued(at('log'), 'append')).toThrow(CannotWrite)
  expect(() => openContinued(at('log'), 'anywhere')).toThrow(reason)
  expect(readFileSync(at('victim'), 'utf8')).toBe('untouched')
})

test.each([
  ['a link', () => symlinkSync('victim', at('log'))],
  ['a hard link', () => linkSync(at('victim'), at('log'))],
  ['an older log', () => writeFileSync(at('log'), 'old')],
])('a log takes the place of %s', (_kind, plant) => {
  plant()
  const descriptor = openLog(at('log'))
  writeSync(descriptor, 'new')
  closeSync(descriptor)
  expect(readFileSync(at('log'), 'utf8')).toBe('new')
  expect(statSync(at('log')).mode & 0o777).toBe(0o600)
  expect(readFileSync(at('victim'), 'utf8')).toBe('untouched')
})

test('a value of the kernel is never a new file, nor behind a link', () => {
  expect(() => writeKernelFile(at('missing'), '1')).toThrow('ENOENT')
  symlinkSync('victim', at('link'))
  expect(() => writeKernelFile(at('link'), '1')).toThrow('ELOOP')
  expect(readFileSync(at('victim'), 'utf8')).toBe('untouched')
  writeKernelFile(at('victim'), '2')
  expect(readFileSync(at('victim'), 'utf8')).toBe('2')
})
