import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { lifeOf, type Pinned } from './end-of-life.ts'
import { pinnedVersions } from './pinned.ts'

const repository = fileURLToPath(new URL('../..', import.meta.url))
const kubernetes = (line: string): Pinned => ({
  component: 'Kubernetes',
  version: `${line}.4`,
  line,
  file: 'go.mod',
})

test.each([
  ['1.34', '2026-10-27', { state: 'supported', until: '2026-10-27' }],
  ['1.34', '2026-10-28', { state: 'ended', until: '2026-10-27' }],
  ['1.99', '2026-10-28', { state: 'unknown' }],
  ['constructor', '2026-10-28', { state: 'unknown' }],
])('Kubernetes %s on %s: %j', (line, today, life) => {
  expect(lifeOf(kubernetes(line), today)).toEqual(life)
})

test('every release line that this repository pins is in the table', () => {
  const pinned = pinnedVersions(repository)
  expect(pinned.filter((one) => lifeOf(one, '2000-01-01').state === 'unknown')).toEqual([])
  expect(new Set(pinned.map(({ component }) => component))).toEqual(
    new Set(['Kubernetes', 'etcd', 'Go', 'Node.js', 'Debian']),
  )
})
