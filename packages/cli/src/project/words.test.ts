import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { wordsOf } from './words.ts'

const above = mkdtempSync(join(tmpdir(), 'landfall-words-'))
const inside = join(above, 'shop')
mkdirSync(join(inside, 'web'), { recursive: true })
for (const directory of [inside, join(inside, 'web')])
  writeFileSync(join(directory, 'compose.yaml'), 'services: {}')
afterAll(() => rmSync(above, { recursive: true }))

test('paths are projects, names are services', () => {
  for (const place of ['.', './shop', 'other/compose.yaml', 'compose.yml'])
    expect(wordsOf([place, 'web'], {}, { cwd: inside })).toEqual({ place, names: ['web'] })
  expect(wordsOf(['web', 'db'], {}, { cwd: inside })).toEqual({
    place: undefined,
    names: ['web', 'db'],
  })
  expect(wordsOf([], {}, { cwd: inside })).toEqual({ place: undefined, names: [] })
})

test('a directory with a Compose file is a project where there is no other one', () => {
  expect(wordsOf(['shop', 'web'], {}, { cwd: above })).toEqual({ place: 'shop', names: ['web'] })
  expect(wordsOf(['shop'], { projectName: 'x' }, { cwd: above }).names).toEqual(['shop'])
  expect(wordsOf(['shop'], { file: ['x.yaml'] }, { cwd: above }).names).toEqual(['shop'])
})
