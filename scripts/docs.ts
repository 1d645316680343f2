// `npm run docs`: writes the pages of docs/ that are made from the code.
import { writeFileSync } from 'node:fs'
import { generatedPages } from './generated-pages.ts'

for (const [file, text] of generatedPages())
  writeFileSync(new URL(`../docs/${file}`, import.meta.url), text)
