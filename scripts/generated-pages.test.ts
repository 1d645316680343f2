import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { generatedPages } from './generated-pages.ts'

test.each([...generatedPages()])('docs/%s is what `npm run docs` writes', (file, text) => {
  expect(readFileSync(new URL(`../docs/${file}`, import.meta.url), 'utf8')).toBe(text)
})
