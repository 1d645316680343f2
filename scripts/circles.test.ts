import { dirname } from 'node:path'
import { expect, test } from 'vitest'
import { circles, importsOf, sourceFiles } from './imports.ts'

/** How many files at most stand in circles today. It only shrinks: who opens the last circle of a room removes its line. */
const filesInCircles: Record<string, number> = {
  'packages/convert': 103,
}

/** How many loose files at most lie in these folders today; elsewhere {@link looseFiles}. It only shrinks, too. */
const crowded: Record<string, number> = {
  'packages/convert/src/facts': 31,
}

const looseFiles = 15

const files = sourceFiles()
const found = circles(new Map(files.map((file) => [file, importsOf(file)])))

function roomOf(file: string): string {
  const [top = '', name = ''] = file.split('/')
  return top === 'packages' || file.split('/').length > 2 ? `${top}/${name}` : top
}

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
  const unknown = found.filter(([file = '']) => filesInCircles[roomOf(file)] === undefined)
  expect(unknown).toEqual([])
})

test.each(Object.entries(filesInCircles))(
  'in %s at most %i files stand in circles, and the line goes when none does',
  (room, most) => {
    const here = found.filter(([file = '']) => roomOf(file) === room)
    const count = here.reduce((sum, group) => sum + group.length, 0)
    expect(
      count,
      `circles of files:\n${here.map((group) => group.join('\n')).join('\n\n')}\n`,
    ).toBeGreaterThan(0)
    expect(count).toBeLessThanOrEqual(most)
  },
)

test('no folder of a package holds more files than a reader sees at once', () => {
  const loose = new Map<string, number>()
  for (const file of files)
    if (/^packages\/[^/]+\/src\//.test(file) && !file.endsWith('.test.ts'))
      loose.set(dirname(file), (loose.get(dirname(file)) ?? 0) + 1)
  const over = [...loose].filter(([folder, count]) => count > (crowded[folder] ?? looseFiles))
  expect(over).toEqual([])
  expect(
    Object.keys(crowded).filter((folder) => (loose.get(folder) ?? 0) <= looseFiles),
    'these are no longer crowded: remove their lines',
  ).toEqual([])
})
