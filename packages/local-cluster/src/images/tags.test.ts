import { describe, expect, test } from 'vitest'
import type { CatalogImage, CatalogRelease } from './catalog.ts'
import { compareVersions, couldServeTag, servesTag, upstreamVersion, versionTags } from './tags.ts'

const release: CatalogRelease = {
  id: '15',
  suite: 'bookworm',
  version: { debian: 'postgresql-15' },
  packages: [],
  aliases: ['fifteen'],
}
const image: CatalogImage = {
  id: 'postgres',
  directory: '/nowhere',
  title: 'PostgreSQL',
  names: ['library/postgres'],
  root: 'debian',
  suffixes: ['bookworm', 'alpine'],
  releases: [release],
  config: {},
}
const management = { ...release, suffixes: ['management'], suffixRequired: true }

describe('a tag is served when it is a prefix of the version', () => {
  test.each(['15', '15.20', '15-bookworm', '15.20-alpine', 'latest', 'alpine', 'fifteen'])(
    '%s is',
    (tag) => expect(servesTag(image, release, '15.20', tag)).toBe(true),
  )
  test.each(['1', '16', '15.2', '15.20.1', '15-slim', '15-', '15rc1', '15-latest', 'lts', '9.6'])(
    '%s is not',
    (tag) => expect(servesTag(image, release, '15.20', tag)).toBe(false),
  )
  test('a release can demand its suffix', () => {
    const served = ['3', '3.10', 'latest', '3-management', 'management'].filter((tag) =>
      servesTag(image, management, '3.10.8', tag),
    )
    expect(served).toEqual(['3-management', 'management'])
  })
})

test.each([
  ['3.10-management', '3', true],
  ['3.10-management', '3.10.8-management', true],
  ['3.10-management', '3.1', false],
  ['3.10-management', '4', false],
  ['3.10-management', 'latest', true],
  ['15', 'fifteen', true],
])('by its id, release %s could serve %s: %s', (id, tag, could) => {
  expect(couldServeTag({ ...release, id }, tag)).toBe(could)
})

test.each([
  ['5:7.0.15-1~deb12u10', '7.0.15'],
  ['1:10.11.19-0+deb12u1', '10.11.19'],
  ['20.19.2+dfsg-1', '20.19.2'],
  ['2.8.2+ds1-1', '2.8.2'],
  ['15.20-0+deb12u1', '15.20'],
])('the package version %s holds version %s', (packageVersion, version) => {
  expect(upstreamVersion(packageVersion)).toBe(version)
})

test('what has no version number is refused', () => {
  expect(() => upstreamVersion('unknown')).toThrow('"unknown" does not begin with a version number')
})

test('versions are ordered by number, not by letter', () => {
  const versions = ['18.20.0', '18.9.1', '18.20.8', '18', '18.20', '9.30']
  const sorted = ['9.30', '18', '18.9.1', '18.20', '18.20.0', '18.20.8']
  expect(versions.sort(compareVersions)).toEqual(sorted)
  expect(versions.reverse().sort(compareVersions)).toEqual(sorted)
})

test('the plain tags of a version', () => {
  expect(versionTags('7.0.15')).toEqual(['7', '7.0', '7.0.15'])
})
