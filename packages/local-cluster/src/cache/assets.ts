import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * The absolute path of a folder of this package (`programs`, `images`, `stand-in`), also where the code runs bundled from
 * another place of the same checkout. Throws an Error when no parent directory holds it: the installation is broken.
 */
export function assetDirectory(folder: string): string {
  for (let at = dirname(fileURLToPath(import.meta.url)); ; at = dirname(at)) {
    for (const candidate of [join(at, folder), join(at, 'packages/local-cluster', folder)])
      if (existsSync(join(candidate, 'README.md'))) return candidate
    if (at === dirname(at))
      throw new Error(`the installation is incomplete: packages/local-cluster/${folder} not found`)
  }
}
