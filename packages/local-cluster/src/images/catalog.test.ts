import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { assetDirectory } from '../cache/assets.ts'
import { type CatalogImage, readCatalog, releaseConfig } from './catalog.ts'
import { definitionHash } from './definition.ts'

const catalog = readCatalog()
const imageKeys = [
  'title',
  'names',
  'inPlaceOf',
  'root',
  'programs',
  'suffixes',
  'releases',
  'config',
]
const releaseKeys = [
  ...['id', 'suite', 'version', 'packages', 'npm', 'aliases', 'suffixes', 'suffixRequired'],
  'config',
]
const configKeys = [
  ...['Entrypoint', 'Cmd', 'Env', 'User', 'WorkingDir', 'ExposedPorts', 'Volumes', 'Labels'],
  ...['StopSignal', 'Healthcheck'],
]

describe.each(catalog.map((image) => [image.id, image] as const))('%s', (_, image) => {
  test('has the keys that a catalog image has, and no others', () => {
    const { id, directory, ...described } = image
    expect(imageKeys).toEqual(expect.arrayContaining(Object.keys(described)))
    expect(['debian', 'closure']).toContain(image.root)
    expect(image.root === 'closure').toBe(image.programs !== undefined)
    expect(image.title).not.toBe('')
    for (const release of image.releases) {
      expect(releaseKeys).toEqual(expect.arrayContaining(Object.keys(release)))
      expect(['bookworm', 'trixie']).toContain(release.suite)
    }
  })

  test('has releases with ids of their own', () => {
    const ids = image.releases.map((release) => release.id)
    expect(ids.length).toBeGreaterThan(0)
    expect(new Set(ids).size).toBe(ids.length)
    for (const id of ids) expect(id).toMatch(/^\d+(\.\d+)*(-[a-z]+)?$/)
    expect(new Set(image.releases.map((release) => definitionHash(image, release))).size).toBe(
      ids.length,
    )
  })

  test('has a config in the words of the image specification', () => {
    for (const release of image.releases) {
      const config = releaseConfig(image, release)
      expect(configKeys).toEqual(expect.arrayContaining(Object.keys(config)))
      expect(config.Entrypoint ?? config.Cmd).toBeDefined()
      for (const port of Object.keys(config.ExposedPorts ?? {}))
        expect(port).toMatch(/^\d+\/(tcp|udp)$/)
    }
  })

  test('ships the script that it starts with, as a program', () => {
    const script = image.config.Entrypoint?.[0]
    if (script === undefined) return
    const path = join('root', script.startsWith('/') ? script : `/usr/local/bin/${script}`)
    const file = join(image.directory, path)
    expect(existsSync(file)).toBe(true)
    expect(statSync(file).mode & 0o100).not.toBe(0)
    expect(readFileSync(file, 'utf8')).toMatch(/^#!\/bin\/(ba)?sh\n# /)
  })
})

test('no name belongs to two images', () => {
  const names = catalog.flatMap((image) => [...image.names, ...Object.keys(image.inPlaceOf ?? {})])
  expect(new Set(names).size).toBe(names.length)
})

test('the table in the README is the catalog', () => {
  const readme = readFileSync(join(assetDirectory('images'), 'README.md'), 'utf8')
  const rows = readme.split('\n').filter((line) => line.startsWith('| ['))
  const unpadded = rows.map((row) => row.replace(/ +\|/g, ' |'))
  expect(unpadded).toEqual(catalog.map(tableRow))
})

function tableRow(image: CatalogImage): string {
  const short = (name: string) => `\`${name.replace(/^library\//, '')}\``
  const names = [...image.names, ...Object.keys(image.inPlaceOf ?? {})].map(short).join(', ')
  const releases = image.releases.map((release) => release.id).join(', ')
  const suffixes = [
    ...new Set(image.releases.flatMap((release) => release.suffixes ?? image.suffixes ?? [])),
  ]
  const also = suffixes.length === 0 ? '–' : suffixes.map((suffix) => `\`-${suffix}\``).join(' ')
  return `| [${image.id}](${image.id}/image.json) | ${names} | ${image.title} | ${releases} | ${also} |`
}
