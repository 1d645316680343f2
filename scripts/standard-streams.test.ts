import { expect, test } from 'vitest'
import { sourceFiles, writesToStandardStreams } from './imports.ts'

/** Of `landfall` what may write to the standard streams: the terminal, the line that needs no other code, a process whose streams are its log, and the streams of a program that runs in a container (`exec`). */
const writers = [
  'packages/cli/src/main.ts',
  'packages/cli/src/program-streams.ts',
  'packages/cli/src/terminal.ts',
  'packages/fogflow-worker/src/main.ts',
  'packages/keeper/src/main.ts',
  'packages/local-cluster/src/volumes/main.ts',
]

/** Packages whose programs are those of developers. */
const tools = /^packages\/(testkit|fidelity|cli\/src\/hostile)\//

test('only the terminal writes to the standard streams, after what it writes was made visible', () => {
  const product = sourceFiles().filter(
    (file) =>
      /^packages\/[^/]+\/src\//.test(file) && !tools.test(file) && !file.endsWith('.test.ts'),
  )
  expect(product.filter(writesToStandardStreams)).toEqual(writers)
})
