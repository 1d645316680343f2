import { spawn } from 'node:child_process'
import {
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { CannotWrite, replaceWhole, SECRET_MODE, writeWhole } from './write-whole.ts'

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'landfall-whole-'))
})
afterEach(() => rmSync(directory, { recursive: true }))

const at = (name: string) => join(directory, name)

test('the file has the new content, and nothing is left next to it', () => {
  writeWhole(at('a/b'), 'old')
  writeWhole(at('a/b'), 'new')
  expect(readFileSync(at('a/b'), 'utf8')).toBe('new')
  expect(readdirSync(at('a'))).toEqual(['b'])
})

test('a secret file is for its owner alone, also where the old one was not', () => {
  writeFileSync(at('key'), 'old', { mode: 0o644 })
  writeWhole(at('key'), 'new', SECRET_MODE)
  expect(statSync(at('key')).mode & 0o777).toBe(0o600)
})

test('links with the names of process ids lead nowhere', () => {
  writeFileSync(at('victim'), 'untouched')
  for (let pid = 0; pid < 6_000; pid++) symlinkSync('victim', at(`landfall.lock.${pid}`))
  writeWhole(at('landfall.lock'), '{}')
  expect(readFileSync(at('victim'), 'utf8')).toBe('untouched')
  expect(lstatSync(at('landfall.lock')).isFile()).toBe(true)
})

const refused: Record<string, () => void> = {
  'it is a symbolic link': () => {
    writeFileSync(at('victim'), 'untouched')
    symlinkSync('victim', at('file'))
  },
  'it is a directory': () => mkdirSync(at('file')),
}

test.each(Object.entries(refused))('a file is not written: %s', (reason, plant) => {
  plant()
  expect(() => writeWhole(at('file'), 'x')).toThrow(new CannotWrite(at('file'), reason).message)
  if (existsSync(at('victim'))) expect(readFileSync(at('victim'), 'utf8')).toBe('untouched')
})

test('a dangling link is not followed either', () => {
  symlinkSync('nothing', at('file'))
  expect(() => writeWhole(at('file'), 'x')).toThrow(CannotWrite)
  expect(readdirSync(directory)).toEqual(['file'])
})

test('work that fails leaves the old file and no other', async () => {
  writeWhole(at('file'), 'old')
  const failing = replaceWhole(at('file'), async (unfinished) => {
    writeFileSync(unfinished, 'half', { flag: 'wx' })
    throw new Error('no')
  })
  await expect(failing).rejects.toThrow('no')
  expect(readdirSync(directory)).toEqual(['file'])
  expect(readFileSync(at('file'), 'utf8')).toBe('old')
})

test('a signal in the middle ends the process by that signal, with the old file and no other', async () => {
  const program = `
    import { writeFileSync } from 'node:fs'
    import { replaceWhole } from ${JSON.stringify(new URL('./write-whole.ts', import.meta.url).href)}
    await replaceWhole(${JSON.stringify(at('file'))}, async (unfinished) => {
      writeFileSync(unfinished, 'half', { flag: 'wx' })
      process.stdout.write('half')
      await new Promise((resolve) => setTimeout(resolve, 60_000))
    })`
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program])
  child.stdout.once('data', () => child.kill('SIGTERM'))
  const signal = await new Promise((resolve) => child.once('exit', (_, by) => resolve(by)))
  expect(signal).toBe('SIGTERM')
  expect(readdirSync(directory)).toEqual([])
})

test('a kill in the middle leaves the old file, and the next write succeeds', async () => {
  writeWhole(at('file'), 'old')
  const program = `
    import { replaceWhole } from ${JSON.stringify(new URL('./write-whole.ts', import.meta.url).href)}
    import { writeFileSync } from 'node:fs'
    await replaceWhole(${JSON.stringify(at('file'))}, async (unfinished) => {
      writeFileSync(unfinished, 'half', { flag: 'wx' })
      process.kill(process.pid, 'SIGKILL')
    })`
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program])
  const signal = await new Promise((resolve) => child.once('exit', (_, by) => resolve(by)))
  expect(signal).toBe('SIGKILL')
  expect(readFileSync(at('file'), 'utf8')).toBe('old')
  writeWhole(at('file'), 'new')
  expect(readFileSync(at('file'), 'utf8')).toBe('new')
})

test('hard links to another file are replaced, not written through', () => {
  writeFileSync(at('victim'), 'untouched')
  linkSync(at('victim'), at('file'))
  writeWhole(at('file'), 'new', undefined, 'unflushed')
  expect(readFileSync(at('victim'), 'utf8')).toBe('untouched')
  expect(readFileSync(at('file'), 'utf8')).toBe('new')
})
