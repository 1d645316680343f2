import { expect, test } from 'vitest'
import { readKeptFile } from './fill-line.ts'
import { printFillSteps, readFillSteps } from './step.ts'

test.each([
  ['kept ./config/app.ini: changed in the volume', './config/app.ini', 'changed in the volume'],
  ['kept ./a: b/c: deleted in the volume', './a: b/c', 'deleted in the volume'],
  [
    'kept ./line\\nfeed \\\\: changed in the volume, no longer in the project',
    './line\nfeed \\',
    'changed in the volume, no longer in the project',
  ],
])('%s', (line, path, why) => {
  expect(readKeptFile(line)).toEqual({ path, why })
})

test.each(['waiting for ./media: it is large', 'kept alive', 'kept ./a: for no reason', ''])(
  '%s is not about a file',
  (line) => {
    expect(readKeptFile(line)).toBeUndefined()
  },
)

test('the steps of a container are read as they were printed; other containers have none', () => {
  const steps = [
    { verb: 'fill', place: 0, id: 'data', path: 'data', shown: './with space\n\\' },
    { verb: 'await', place: 12, id: 'data-1', path: 'data/x', shown: './media', digest: 'ab' },
  ] as const
  expect(readFillSteps({ command: printFillSteps(steps) })).toEqual(steps)
  expect(readFillSteps({ command: ['sh', '-c', 'fill 0 data'] })).toEqual([])
  expect(readFillSteps({})).toEqual([])
})
