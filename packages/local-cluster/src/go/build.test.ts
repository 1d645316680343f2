import { expect, test } from 'vitest'
import { compilerMemory } from './build.ts'

test.each([
  [23, 2, { GOGC: 'off', GOMEMLIMIT: '3GiB' }],
  [8, 2, { GOGC: 'off', GOMEMLIMIT: '1GiB' }],
  [4, 2, {}],
  [64, 32, {}],
])('%s GiB of memory for %s compilers at a time', (memory, workers, settings) => {
  expect(compilerMemory(memory * 2 ** 30, workers)).toEqual(settings)
})
