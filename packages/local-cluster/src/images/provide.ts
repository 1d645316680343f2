import {
  lookUpImage,
  manifestDigest,
  pushImage,
  registryAnswers,
  requireImageReference,
} from '@landfall/image'
import type { ClusterOptions, ImageSource, Progress, Registries } from '../contract.ts'
import { registryWriter } from '../control-plane/registry-writer.ts'
import { type CatalogImage, readCatalog } from './catalog.ts'
import { inParallel } from './in-parallel.ts'
import { makeImage } from './make.ts'
import { describeSelection, type Selection, selectRelease } from './select.ts'

/**
 * Makes the images that a project names available to the nodes, and returns where each comes from, in the same order.
 * Images that are not the original ones are made from packages and pushed to the package registry when Docker Hub cannot be
 * reached; what is there already costs one look.
 */
export async function provideImages(
  cluster: Registries,
  options: ClusterOptions,
  images: readonly string[],
  progress: Progress,
): Promise<ImageSource[]> {
  const catalog = readCatalog()
  const answers = new Map<string, Promise<boolean>>()
  const reachable = (host: string) => {
    const answer = answers.get(host) ?? registryAnswers(host)
    answers.set(host, answer)
    return answer
  }
  return inParallel(2, images, async (image): Promise<ImageSource> => {
    try {
      const own = await ownImage(cluster.registry, image)
      if (own !== undefined) return own
      const { host } = requireImageReference(image)
      if (await reachable(host)) return { image, from: 'upstream', detail: `pulled from ${host}` }
      return await packageImage(catalog, cluster.packageRegistry, options, image, progress)
    } catch (error) {
      return { image, from: 'missing', detail: (error as Error).message }
    }
  })
}

/**
 * Makes images from packages ahead of their use, without a cluster: for machines that run tests.
 * Throws an Error for a name that no package image has.
 */
export async function prepareImages(
  images: readonly string[],
  cacheDirectory: string,
  progress: Progress,
): Promise<void> {
  const catalog = readCatalog()
  await inParallel(2, images, async (image) => {
    const selection = await selectRelease(catalog, image, cacheDirectory, progress)
    if (selection.found !== 'release') throw new Error(`${image} cannot be made from packages`)
    await makeImage(selection.image, selection.release, cacheDirectory, progress)
  })
}

/** What the cluster's own registry holds under the name: something that was built for it, or that plays a role. */
async function ownImage(registry: string, image: string): Promise<ImageSource | undefined> {
  const held = await lookUpImage(registry, image)
  if (held === undefined) return undefined
  const labels = held.labels ?? {}
  const role = labels['landfall.dev/stand-in']
  if (role !== undefined)
    return { image, from: 'stand-in', detail: `stand-in with the role ${role}` }
  if (labels['landfall.dev/build'] !== undefined)
    return { image, from: 'build', detail: 'built from the project' }
  return { image, from: 'registry', detail: "found in the cluster's own registry" }
}

async function packageImage(
  catalog: readonly CatalogImage[],
  registry: string,
  options: ClusterOptions,
  image: string,
  progress: Progress,
): Promise<ImageSource> {
  const { cacheDirectory } = options
  const { host, repository } = requireImageReference(image)
  const selection = await selectRelease(catalog, image, cacheDirectory, progress)
  if (selection.found !== 'release')
    return {
      image,
      from: 'missing',
      detail: `${host} cannot be reached, and ${describeAbsence(selection, repository)}`,
    }
  const made = await makeImage(selection.image, selection.release, cacheDirectory, progress)
  const held = await lookUpImage(registry, image)
  if (held?.digest !== manifestDigest(made.image)) {
    const writer = registryWriter(options)
    await pushImage(writer.packageRegistry, image, made.image, writer.fetch)
  }
  return { image, from: 'package', detail: describeSelection(selection) }
}

function describeAbsence(
  selection: Exclude<Selection, { found: 'release' }>,
  repository: string,
): string {
  if (selection.found === 'nothing')
    return `no Debian or npm package provides ${repository.replace(/^library\//, '')}`
  if (selection.found === 'pinned')
    return `an image pinned by digest cannot be replaced with one made from packages`
  const { image, tags, tag } = selection
  return `packages provide ${image.title} as ${tags.join(', ')}, not as ${tag}`
}
