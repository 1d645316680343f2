import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import type { KubeObject } from '../object.ts'
import { objectStatus } from './index.ts'

interface Case {
  name: string
  state: string
  message: string
  object: KubeObject
}

const directory = `${import.meta.dirname}/cases/`
const files = readdirSync(directory).filter((file) => file.endsWith('.yaml'))

test('every kind with a rule of its own has cases', () => {
  const rules = readdirSync(import.meta.dirname)
    .filter((file) => /^(?!index|status).*\.ts$/.test(file))
    .map((file) => file.replace('.ts', '.yaml'))
  expect(files.sort()).toEqual([...rules, 'other-kinds.yaml'].sort())
})

describe.each(files)('%s', (file) => {
  const cases: Case[] = parse(readFileSync(directory + file, 'utf8'), { merge: true })
  test.each(cases)('$name', ({ state, message, object }) => {
    expect(objectStatus(object)).toEqual({ state, message })
  })
})
