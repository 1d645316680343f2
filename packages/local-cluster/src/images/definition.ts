import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { assetDirectory } from '../cache/assets.ts'
import { baseInputs } from './base.ts'
import type { CatalogImage, CatalogRelease } from './catalog.ts'

/** A hash over all inputs of this repository that decide what is in an image's own layer; its config is not part of it. */
export function definitionHash(image: CatalogImage, release: CatalogRelease): string {
  const { id, suite, packages, npm = [] } = release
  const hash = createHash('sha256')
  hash.update(JSON.stringify([id, suite, packages, npm, image.root, image.programs ?? []]))
  const script = image.root === 'debian' ? 'packages.sh' : 'closure.sh'
  hash.update(readFileSync(join(assetDirectory('images'), 'assembly', script)))
  hash.update(baseInputs(suite))
  for (const file of filesOf(image.directory)) {
    if (file === 'image.json') continue
    const path = join(image.directory, file)
    const executable = (statSync(path).mode & 0o100) !== 0
    hash.update(JSON.stringify([file, executable])).update(readFileSync(path))
  }
  return hash.digest('hex')
}

function filesOf(directory: string, under = ''): string[] {
  if (!existsSync(directory)) return []
  return readdirSync(join(directory, under), { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(under, entry.name)
      return entry.isDirectory() ? filesOf(directory, path) : [path]
    })
}
