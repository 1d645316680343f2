import { expect, test } from 'vitest'
import { requirementLines } from './requirements.ts'

const none = { claims: [], secrets: [], configMaps: [], images: [] }

test('one line for what must exist, one for what must be built, and none for nothing', () => {
  expect(requirementLines(none)).toEqual([])
  expect(
    requirementLines({ claims: ['a', 'b'], secrets: ['c'], configMaps: [], images: ['x', 'y'] }),
  ).toEqual([
    'must exist in the namespace: claims a, b; Secrets c',
    'must be built and pushed (`landfall up` does): images x, y',
  ])
})
