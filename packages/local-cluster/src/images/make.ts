import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { type Image, type Layer, layerFile } from '@landfall/image'
import type { Progress } from '../contract.ts'
import { architecture } from '../host/architecture.ts'
import { withLock } from '../host/lock.ts'
import { run } from '../host/run.ts'
import { asStep } from '../host/step.ts'
import { writeWhole } from '../host/write-whole.ts'
import { assembleLayer } from './assemble.ts'
import { makeBase } from './base.ts'
import { type CatalogImage, type CatalogRelease, releaseConfig } from './catalog.ts'
import { definitionHash } from './definition.ts'
import {
  candidateVersion,
  downloadClosure,
  type OpenSuite,
  openSuite,
  refreshSuite,
} from './suite.ts'
import { compareVersions, couldServeTag, upstreamVersion } from './tags.ts'

/** An image made from packages, in the cache. */
export interface MadeImage {
  /** Of the program, without the package's own additions: 15.20. */
  version: string
  image: Image
}

/** What is written next to a layer in the cache. */
interface LayerRecord {
  version: string
  digest: string
  diffId: string
  /** Digest of the base that it was made over. */
  base?: string
}

/** Finds an image in the cache; undefined when it was never made as it is described now. */
export async function madeImage(
  image: CatalogImage,
  release: CatalogRelease,
  cacheDirectory: string,
  progress: Progress,
): Promise<MadeImage | undefined> {
  return findMade(placeOf(image, release, cacheDirectory), image, release, cacheDirectory, progress)
}

async function findMade(
  place: Place,
  image: CatalogImage,
  release: CatalogRelease,
  cacheDirectory: string,
  progress: Progress,
): Promise<MadeImage | undefined> {
  if (!existsSync(place.record) || !existsSync(place.layer)) return undefined
  const record: LayerRecord = JSON.parse(readFileSync(place.record, 'utf8'))
  const layers: Layer[] = [await layerFile(place.layer, record)]
  if (image.root === 'debian') {
    const base = await makeBase(release.suite, cacheDirectory, progress)
    // A layer is the difference from one base, and fits no other.
    if (record.base !== base.layer.digest) return undefined
    layers.unshift(base.layer)
  }
  const config = { Env: [systemPath], ...releaseConfig(image, release) }
  return { version: record.version, image: { layers, config, architecture } }
}

/** Makes an image from packages, or finds it in the cache. The versions are those that the suite offers when it is made. */
export async function makeImage(
  image: CatalogImage,
  release: CatalogRelease,
  cacheDirectory: string,
  progress: Progress,
): Promise<MadeImage> {
  const place = placeOf(image, release, cacheDirectory)
  const find = () => findMade(place, image, release, cacheDirectory, progress)
  const held = await find()
  if (held !== undefined) return held
  return withLock(`${place.layer}.lock`, async () => {
    const madeMeanwhile = await find()
    if (madeMeanwhile !== undefined) return madeMeanwhile
    const step = `building the image ${image.id} ${release.id} from packages`
    await asStep(
      progress,
      step,
      async () => {
        const suite = await openSuite(release.suite, cacheDirectory, progress)
        const assemble = () =>
          assembleRelease(place, image, release, suite, cacheDirectory, progress)
        const layer = await assemble().catch(async (error: Error) => {
          if (!/404|Unable to locate|Unable to fetch/.test(error.message)) throw error
          await refreshSuite(suite, progress)
          return assemble()
        })
        const version = await offeredVersion(release, cacheDirectory, progress)
        if (!couldServeTag(release, version))
          throw new Error(
            `${image.id} ${release.id} is at version ${version} now: rename the release`,
          )
        const { digest, diffId } = layer
        const record: LayerRecord = { version, digest, diffId }
        if (image.root === 'debian')
          record.base = (await makeBase(release.suite, cacheDirectory, progress)).layer.digest
        writeWhole(place.record, JSON.stringify(record))
        return version
      },
      { detailOf: (version) => version },
    )
    const made = await find()
    if (made === undefined) throw new Error(`${place.layer} was removed while it was being made`)
    return made
  })
}

/** The version that a release would hold if it were made now. */
export async function offeredVersion(
  release: CatalogRelease,
  cacheDirectory: string,
  progress: Progress,
): Promise<string> {
  if ('suite' in release.version) return release.version.suite
  if ('debian' in release.version) {
    const suite = await openSuite(release.suite, cacheDirectory, progress)
    return upstreamVersion(await candidateVersion(suite, release.version.debian))
  }
  const printed = await run('npm', ['view', npmName(release.version.npm), 'version', '--json'])
  const versions = [JSON.parse(printed) as string | string[]].flat().map(upstreamVersion)
  const newest = versions.sort(compareVersions).at(-1)
  if (newest === undefined) throw new Error(`npm has no ${release.version.npm}`)
  return newest
}

async function assembleRelease(
  place: Place,
  image: CatalogImage,
  release: CatalogRelease,
  suite: OpenSuite,
  cacheDirectory: string,
  progress: Progress,
): Promise<Layer> {
  mkdirSync(place.directory, { recursive: true })
  const scratch = mkdtempSync(join(place.directory, 'scratch-'))
  const inFolder = (name: string) => {
    const path = join(image.directory, name)
    return existsSync(path) ? path : ''
  }
  const common = {
    WORK: join(scratch, 'work'),
    FILES: inFolder('root'),
    SETUP: inFolder('setup.sh'),
    RELEASE: release.id,
  }
  mkdirSync(common.WORK)
  try {
    if (image.root === 'closure') {
      const archives = join(scratch, 'archives')
      await downloadClosure(suite, release.packages, archives)
      const programs = (image.programs ?? []).join(' ')
      const environment = { ...common, ARCHIVES: archives, PROGRAMS: programs }
      return await assembleLayer('closure', environment, place.layer)
    }
    const base = await makeBase(release.suite, cacheDirectory, progress)
    const downloads = await downloadNpm(release.npm ?? [], join(scratch, 'downloads'))
    const environment = {
      ...common,
      BASE: base.directory,
      APT: suite.directory,
      PACKAGES: release.packages.join(' '),
      DOWNLOADS: downloads,
    }
    return await assembleLayer('packages', environment, place.layer)
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

async function downloadNpm(packages: readonly string[], directory: string): Promise<string> {
  if (packages.length === 0) return ''
  mkdirSync(directory)
  for (const wanted of packages) {
    const name = npmName(wanted)
    const printed = await run('npm', ['pack', name, '--json', '--pack-destination', directory])
    const [{ filename }] = JSON.parse(printed) as [{ filename: string }]
    const plain = name.slice(0, name.lastIndexOf('@'))
    await run('mv', [join(directory, filename), join(directory, `${plain}.tgz`)])
  }
  return directory
}

/** Packages that hold a program carry the processor in their name. */
function npmName(described: string): string {
  return described.replace('{arch}', process.arch)
}

/** The place of a layer in the cache; its name carries the hash of its definition. */
interface Place {
  directory: string
  layer: string
  record: string
}

function placeOf(image: CatalogImage, release: CatalogRelease, cacheDirectory: string): Place {
  const directory = join(cacheDirectory, 'images', 'layers')
  const hash = definitionHash(image, release).slice(0, 12)
  const layer = join(directory, `${image.id}-${release.id}-${hash}.tar.gz`)
  return { directory, layer, record: `${layer}.json` }
}

const systemPath = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'
