import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

test('nothing but the files of Node and tests need Node: the loader runs in a browser', () => {
  const root = fileURLToPath(new URL('.', import.meta.url))
  const withNode = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts'))
    .filter((path) => /from 'node:|\bprocess\.|\bBuffer\b/.test(readFileSync(root + path, 'utf8')))
  expect(withNode).toEqual(['node-files.ts', 'node-stream.ts'])
})
