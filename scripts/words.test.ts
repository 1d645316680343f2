import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { wordings } from './words.ts'

test('CONTRIBUTING.md has the whole list of words', () => {
  const rows = wordings.map(({ not, write }) => `| ${not} | ${write} |`)
  const page = readFileSync(new URL('../CONTRIBUTING.md', import.meta.url), 'utf8')
  expect(page).toContain(rows.join('\n'))
})
