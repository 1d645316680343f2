import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

interface Locked {
  name?: string
  version?: string
  resolved?: string
  integrity?: string
  link?: boolean
  optionalDependencies?: Record<string, string>
}

const lock: { packages: Record<string, Locked> } = JSON.parse(
  readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8'),
)

/** What is downloaded; the other entries are the root and the packages of this repository. */
const downloaded = Object.entries(lock.packages).filter(
  ([place, { link }]) => place.includes('node_modules/') && link !== true,
)

// npm ci refuses a lock file without them, and only on the platforms that need them do they get installed.
test('optional packages of all platforms are locked', () => {
  const missing = Object.entries(lock.packages).flatMap(([place, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies)
      .filter((name) => !lockedFor(place, name))
      .map((name) => `${name} of ${place}`),
  )
  expect(missing).toEqual([])
})

test('every package has an integrity and comes from registry.npmjs.org', () => {
  const wrong = downloaded.filter(([place, { name, version, resolved, integrity }]) => {
    const full = name ?? place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length)
    const file = `${full.slice(full.indexOf('/') + 1)}-${version}.tgz`
    return (
      resolved !== `https://registry.npmjs.org/${full}/-/${file}` ||
      !/^sha512-[A-Za-z0-9+/]{86}==$/.test(integrity ?? '')
    )
  })
  expect(wrong.map(([place]) => place)).toEqual([])
})

/** Whether Node finds a package from a place: beside it, or in a folder above. */
function lockedFor(place: string, name: string): boolean {
  for (let folder = place; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/')))) {
    if (lock.packages[`${folder === '' ? '' : `${folder}/`}node_modules/${name}`]) return true
    if (folder === '') return false
  }
}
