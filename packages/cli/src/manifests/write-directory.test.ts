import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { UsageError } from '../errors.ts'
import { writeDirectory } from './write-directory.ts'

let scratch: string
beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), 'landfall-write-'))
})
afterEach(() => rmSync(scratch, { recursive: true }))

test('the directory holds exactly the files of the last call, and nothing is left beside it', () => {
  const out = join(scratch, 'a', 'out')
  writeDirectory(out, new Map(Object.entries({ 'one.yaml': '1', 'two.yaml': '2' })))
  writeDirectory(out, new Map([['one.yaml', 'changed']]))
  expect(readdirSync(out)).toEqual(['.landfall', 'one.yaml'])
  expect(readFileSync(join(out, 'one.yaml'), 'utf8')).toBe('changed')
  expect(readdirSync(join(scratch, 'a'))).toEqual(['out'])
})

test('a directory with files of others is left as it is', () => {
  const out = join(scratch, 'out')
  mkdirSync(out)
  writeFileSync(join(out, 'mine.txt'), 'keep')
  expect(() => writeDirectory(out, new Map([['one.yaml', '1']]))).toThrow(UsageError)
  expect(readdirSync(out)).toEqual(['mine.txt'])
})

test('a file that somebody added to our directory stops us as well', () => {
  const out = join(scratch, 'out')
  writeDirectory(out, new Map([['one.yaml', '1']]))
  writeFileSync(join(out, 'kustomization.yaml'), '')
  expect(() => writeDirectory(out, new Map())).toThrow(/kustomization\.yaml/)
  expect(existsSync(join(out, 'one.yaml'))).toBe(true)
})

test('an empty directory is used', () => {
  const out = join(scratch, 'out')
  mkdirSync(out)
  writeDirectory(out, new Map([['one.yaml', '1']]))
  expect(readdirSync(out)).toEqual(['.landfall', 'one.yaml'])
})
