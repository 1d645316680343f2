import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { generated } from './generated.ts'
import type { Run } from './measure.ts'
import { measured } from './measured.ts'
import { projects } from './projects.ts'

const root = mkdtempSync(join(tmpdir(), 'hostile-'))
afterAll(() => rmSync(root, { recursive: true }))

const commands = ['check', 'plan', 'config', 'convert', 'lock', 'init']

describe('a hostile project ends with a verdict, soon and in little memory', {
  timeout: 900_000,
}, () => {
  let runs: Run[] = []
  beforeAll(async () => {
    runs = await measured('measure-projects.ts', root)
  }, 900_000)

  test('every command has run in every project', () => {
    const many = Object.keys({ ...projects, ...generated() }).length
    expect(many).toBeGreaterThan(150)
    for (const command of commands)
      expect(runs.filter((run) => run.command.startsWith(command))).toHaveLength(many)
  })

  test('no exit code is that of a bug', () => {
    expect(runs.filter(({ code }) => ![0, 1, 2, 3].includes(code))).toEqual([])
  })

  test('5 s of a processor are enough', () => {
    expect(runs.filter(({ seconds }) => seconds > 5)).toEqual([])
  })

  // The loaded command line is 100 MB.
  test('300 MB are enough', () => {
    expect(runs.filter(({ megabytes }) => megabytes > 200).slice(0, 1)).toEqual([])
  })

  test('nothing of it reaches the terminal as a control sequence', () => {
    expect(runs.filter(({ raw }) => raw)).toEqual([])
  })
})
