import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Layer, layerFile } from '@landfall/image'
import { assetDirectory } from '../cache/assets.ts'
import { unpackDebianPackages } from '../cache/debian.ts'
import type { Progress } from '../contract.ts'
import { withLock } from '../host/lock.ts'
import { asStep } from '../host/step.ts'
import { writeWhole } from '../host/write-whole.ts'
import { assembleLayer } from './assemble.ts'
import type { Suite } from './catalog.ts'
import { debianServers } from './mirrors.ts'
import { type OpenSuite, openSuite } from './suite.ts'

/** The Debian system that package images share as their lowest layer. */
export interface Base {
  /** Its root file system, to lay packages over; never written to. */
  directory: string
  layer: Layer
}

/** In addition to the packages that Debian marks as essential, and apt. */
const packages = ['ca-certificates', 'passwd', 'tzdata']

/** Makes the base of a suite, or finds it in the cache. */
export async function makeBase(
  codename: Suite,
  cacheDirectory: string,
  progress: Progress,
): Promise<Base> {
  const directory = join(
    cacheDirectory,
    'images',
    'bases',
    `${codename}-${baseInputs(codename).slice(0, 12)}`,
  )
  const file = `${directory}.tar.gz`
  const digests = `${directory}.json`
  const held = async (): Promise<Base> => ({
    directory,
    layer: await layerFile(file, JSON.parse(readFileSync(digests, 'utf8'))),
  })
  if (existsSync(digests)) return held()
  return withLock(`${directory}.lock`, async () => {
    if (existsSync(digests)) return held()
    const step = `building the Debian ${codename} base image`
    await asStep(progress, step, async () => {
      const suite: OpenSuite = await openSuite(codename, cacheDirectory, progress)
      const { digest, diffId } = await assembleLayer(
        'base',
        {
          BASE: directory,
          SUITE: codename,
          SOURCES: join(suite.directory, 'etc/debian.sources'),
          PACKAGES: packages.join(','),
          MMDEBSTRAP: await unpackDebianPackages(['mmdebstrap'], cacheDirectory, progress),
          MIRROR: debianServers.archive,
          SECURITY_MIRROR: debianServers.security,
        },
        file,
      )
      writeWhole(digests, JSON.stringify({ digest, diffId }))
    })
    return held()
  })
}

/** A hash over all inputs of this repository that decide what is in a base. */
export function baseInputs(codename: Suite): string {
  const hash = createHash('sha256').update(JSON.stringify([codename, packages, debianServers]))
  for (const script of ['base.sh', 'settle.sh', 'archive.sh'])
    hash.update(readFileSync(join(assetDirectory('images'), 'assembly', script)))
  return hash.digest('hex')
}
