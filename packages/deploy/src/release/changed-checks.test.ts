import type { Check, ReleaseChecks } from '@landfall/kube'
import { expect, test } from 'vitest'
import { changedChecks } from './changed-checks.ts'

const check = (name: string, host: string, at = '1:1'): Check => ({
  name,
  source: `landfall.yaml#/checks/${name}`,
  at,
  withinMs: 1_000,
  steps: [{ action: { kind: 'dns', host } }],
  secrets: [],
})
const of = (...checks: Check[]): ReleaseChecks => ({ image: 'curl', checks })

test('checks differ in what they do, not in their line, their order or the image of the test pod', () => {
  const before = of(check('a', 'a'), check('b', 'b'), check('c', 'c'))
  const after = { ...of(check('c', 'other'), check('d', 'd'), check('a', 'a', '9:9')), image: 'x' }
  expect(changedChecks(before, after)).toEqual([
    { name: 'b', change: 'delete' },
    { name: 'c', change: 'update' },
    { name: 'd', change: 'create' },
  ])
  expect(changedChecks(undefined, undefined)).toEqual([])
  expect(changedChecks(undefined, of())).toEqual([])
})
