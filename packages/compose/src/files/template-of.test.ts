import { expect, test } from 'vitest'
import { memoryFiles } from '../memory-files.ts'
import { copyOfTemplate, templateOf } from './template-of.ts'

test.each([
  ['.env', '.env.example'],
  ['.env', '.env.sample'],
  ['.env', '.env.dist'],
  ['.env', '.env-example'],
  ['.env', 'env.template'],
  ['.env', 'example.env'],
  ['app.env', 'app.env.example'],
  ['app.env', 'app.example.env'],
  ['.env.production', '.env.production.sample'],
])('%s is made from %s', (missing, template) => {
  expect(templateOf(`/p/${missing}`, memoryFiles({ [`/p/${template}`]: '' }))).toBe(
    `/p/${template}`,
  )
})

test.each([
  ['.env', '.env.production'],
  ['.env', '.env.production.example'],
  ['.env', 'example.md'],
  ['app.env', '.env.example'],
  ['.env', 'templates/.env'],
])('%s is not made from %s', (missing, other) => {
  expect(templateOf(`/p/${missing}`, memoryFiles({ [`/p/${other}`]: '' }))).toBeUndefined()
})

test('of several templates the shortest name counts, and a directory is none', () => {
  const files = memoryFiles({ '/p/.env.sample': '', '/p/.env.template': '', '/p/.env.dist/a': '' })
  expect(templateOf('/p/.env', files)).toBe('/p/.env.sample')
})

test('the command names both files as a shell reads them', () => {
  const files = memoryFiles({ '/p/my app/.env.example': '' })
  expect(copyOfTemplate('/p/my app/.env', files, '/p')).toBe(
    "cp 'my app/.env.example' 'my app/.env'",
  )
})
