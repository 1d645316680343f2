import { expect, test } from 'vitest'
import { isGoNewEnough } from './requirements.ts'

test.each([
  ['go1.26', true],
  ['go1.26.8', true],
  ['go2.0', true],
  ['devel go1.27-3b2a1f Tue', true],
  ['go1.25.9', false],
  ['gccgo', false],
])('%s can build the programs: %s', (version, enough) => {
  expect(isGoNewEnough(version)).toBe(enough)
})
