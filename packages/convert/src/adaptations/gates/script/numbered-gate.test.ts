import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { GATE_SCRIPT, NUMBERED_GATE_SCRIPT } from './gate-script.ts'

const root = mkdtempSync(join(tmpdir(), 'landfall-numbered-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

/** Tests once whether the lines hold for the copy with this number. */
function check(number: string, lines: string, script = NUMBERED_GATE_SCRIPT) {
  writeFileSync(join(root, 'gate.sh'), script)
  mkdirSync(join(root, 'waits'), { recursive: true })
  writeFileSync(join(root, 'waits/own'), lines)
  const words = [join(root, 'gate.sh'), 'check', join(root, 'waits'), '1']
  const { status, stdout } = spawnSync('sh', words, {
    encoding: 'utf8',
    env: { PATH: process.env.PATH ?? '', LANDFALL_IDENTITY: number },
  })
  return { status, stdout }
}

test('a gate puts the number of its copy into the lines of its list', () => {
  writeFileSync(join(root, 'lease 12 of 12'), '')
  const line = `file ${root}/lease {{identity}} of {{identity}}\n`
  expect(check('12', line)).toEqual({ status: 0, stdout: '' })
  expect(check('1', line).stdout).toContain(`not done: ${root}/lease 1 of 1: there is no such file`)
  expect(check('1', `not ${line}`).status).toBe(0)
  expect(check('12', `not ${line}`).status).toBe(75)
})

test('the other gates are the same program without that', () => {
  expect(NUMBERED_GATE_SCRIPT).not.toBe(GATE_SCRIPT)
  expect(check('12', `file ${root}/lease {{identity}}\n`, GATE_SCRIPT).status).toBe(75)
})
