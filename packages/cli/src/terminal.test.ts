import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { processTerminal } from './terminal.ts'

test('the working directory has the name that the shell has for it, where that is the same place', () => {
  const scratch = realpathSync(mkdtempSync(join(tmpdir(), 'landfall-terminal-')))
  onTestFinished(() => rmSync(scratch, { recursive: true }))
  const [real, link, other] = ['real', 'link', 'other'].map((name) => join(scratch, name))
  if (real === undefined || link === undefined || other === undefined) throw new Error('no path')
  mkdirSync(real)
  mkdirSync(other)
  symlinkSync(real, link)

  const cwdWith = (PWD: string | undefined) =>
    processTerminal({ ...process, cwd: () => real, env: { PWD } } as NodeJS.Process).cwd
  expect(cwdWith(link)).toBe(link)
  for (const PWD of [undefined, real, other, join(scratch, 'none'), 'relative'])
    expect(cwdWith(PWD)).toBe(real)
})
