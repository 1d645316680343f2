import type { Plan, VolumePlan } from '@landfall/convert'
import { expect, test } from 'vitest'
import { requirementLines, storageLine } from './requirements.ts'

const none = { claims: [], secrets: [], configMaps: [], images: [] }

test('one line for what must exist, one for what must be built, and none for nothing', () => {
  expect(requirementLines(none)).toEqual([])
  expect(
    requirementLines({ claims: ['a', 'b'], secrets: ['c'], configMaps: [], images: ['x', 'y'] }),
  ).toEqual([
    'must exist in the namespace: claims a, b; Secrets c',
    'must be built and pushed (`landfall up` does): images x, y',
  ])
  expect(requirementLines({ ...none, secrets: ['c', 'd'] }, new Set(['c']))).toEqual([
    'must exist in the namespace: Secrets d',
  ])
})

test('one line for all claims, and none without claims of the manifests', () => {
  const claim = (name: string, more: Partial<VolumePlan> = {}): VolumePlan => ({
    ...{ volume: name, claim: name, size: '1Gi', shared: false, external: false, mountedBy: [] },
    ...more,
  })
  const lineOf = (...volumes: VolumePlan[]) => storageLine({ volumes } as unknown as Plan)
  expect(lineOf(claim('old', { external: true }), claim('nfs', { source: {} }))).toBeUndefined()
  expect(
    lineOf(claim('a'), claim('media', { size: '5Gi', shared: true, class: 'nfs' }), claim('b')),
  ).toBe(
    'claims: a, b (1Gi); media (5Gi ReadWriteMany nfs); other sizes and classes: `volumes` in landfall.yaml',
  )
})
