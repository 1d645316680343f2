import { dirname } from 'node:path'
import { expect, test } from 'vitest'
import { circles, importsOf, sourceFiles } from './imports.ts'

/** How many loose files a folder of a package may hold. */
const looseFiles = 15

const files = sourceFiles()
const found = circles(new Map(files.map((file) => [file, importsOf(file)])))

test('a circle is found, also of types, of re-exports and of one file', () => {
  const imports = {
    a: ['b', 'c'],
    b: ['c'],
    c: ['d'],
    d: ['b'],
    e: ['e'],
    f: ['a'],
  }
  expect(circles(new Map(Object.entries(imports)))).toEqual([['b', 'c', 'd'], ['e']])
  expect(importsOf('packages/diagnostic/src/index.ts')).toContain(
    'packages/diagnostic/src/diagnostic.ts',
  )
})

test('no file imports itself by way of others, imports of types counted', () => {
  expect(found).toEqual([])
})

test('no folder of a package holds more files than a reader sees at once', () => {
  const loose = new Map<string, number>()
  for (const file of files)
    if (/^packages\/[^/]+\/src\//.test(file) && !file.endsWith('.test.ts'))
      loose.set(dirname(file), (loose.get(dirname(file)) ?? 0) + 1)
  expect([...loose].filter(([, count]) => count > looseFiles)).toEqual([])
})
