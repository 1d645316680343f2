import { expect, test } from 'vitest'
import type { CatalogImage, CatalogRelease } from './catalog.ts'
import { describeSelection, selectRelease } from './select.ts'

const release: CatalogRelease = {
  id: '10.11',
  suite: 'bookworm',
  version: { debian: 'mariadb-server' },
  packages: [],
}
const image: CatalogImage = {
  id: 'mariadb',
  directory: '/nowhere',
  title: 'MariaDB',
  names: ['library/mariadb'],
  root: 'debian',
  releases: [release],
  config: {},
}
const describe = (tag: string, more: object = {}) =>
  describeSelection({ found: 'release', image, release, version: '10.11.19', tag, ...more })

test('the detail says what an image really is', () => {
  expect(describe('10.11')).toBe("made from Debian's mariadb-server 10.11.19")
  expect(describe('latest')).toBe(
    'made from Debian\'s mariadb-server 10.11.19: the tag "latest" names no version',
  )
  expect(describe('10-alpine')).toBe("made from Debian's mariadb-server 10.11.19, not Alpine's")
  expect(describe('8.0', { inPlaceOf: 'MySQL' })).toBe(
    "MariaDB in place of MySQL, made from Debian's mariadb-server 10.11.19",
  )
})

test('npm packages and whole suites are sources, too', () => {
  const npm: CatalogRelease = { ...release, version: { npm: 'node-linux-{arch}@20' } }
  expect(describe('20', { release: npm, version: '20.19.0' })).toBe(
    'made from the npm package node-linux 20.19.0',
  )
  const suite: CatalogRelease = { ...release, version: { suite: '12' } }
  expect(describe('12', { release: suite, version: '12' })).toBe('made from Debian 12 (bookworm)')
})

test('what is asked for by digest, or of another host, is not looked for among packages', async () => {
  const select = (name: string) => selectRelease([image], name, '/nowhere', () => {})
  const digest = `sha256:${'0'.repeat(64)}`
  expect(await select(`mariadb@${digest}`)).toEqual({ found: 'pinned' })
  expect(await select(`mariadb:10.11@${digest}`)).toEqual({ found: 'pinned' })
  expect(await select('ghcr.io/library/mariadb:10.11')).toEqual({ found: 'nothing' })
  expect(await select('mongo:4')).toEqual({ found: 'nothing' })
})
