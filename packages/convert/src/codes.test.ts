import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { convertCodes } from './codes.ts'

test('every documented code is reported somewhere', () => {
  const here = fileURLToPath(new URL('.', import.meta.url))
  const sources = readdirSync(here, { recursive: true, encoding: 'utf8' })
    .filter((file) => /(?<!\.test)\.ts$/.test(file) && file !== 'codes.ts')
    .map((file) => readFileSync(join(here, file), 'utf8'))
    .join('\n')
  const unused = Object.keys(convertCodes).filter(
    (code) => !sources.includes(`'${code}'`) && !sources.includes(`'${code.slice(8)}'`),
  )
  expect(unused).toEqual([])
})
