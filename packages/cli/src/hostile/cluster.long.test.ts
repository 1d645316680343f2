import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { modes } from './cluster-modes.ts'
import type { Run } from './measure.ts'
import { measured } from './measured.ts'

const root = mkdtempSync(join(tmpdir(), 'hostile-'))
afterAll(() => rmSync(root, { recursive: true }))

describe('a hostile API server ends in a verdict, soon and in little memory', () => {
  let runs: Run[] = []
  beforeAll(async () => {
    runs = await measured('measure-cluster.ts', root)
  }, 3_600_000)

  test('every command has run on many servers', () => {
    const titles = new Set(runs.map(({ title }) => title))
    expect(titles.size).toBeGreaterThan(Object.keys(modes).length + 50)
    for (const command of ['status', 'logs', 'down', 'up'])
      expect(runs.filter((run) => run.command.startsWith(command)).length).toBeGreaterThan(50)
  })

  test('no exit code is that of a bug, and no server makes `up` report that it is ready', () => {
    expect(runs.filter(({ code }) => ![0, 1, 130].includes(code))).toEqual([])
    expect(runs.filter(({ code, command }) => command.startsWith('up') && code === 0)).toEqual([])
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
