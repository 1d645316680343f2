import { registryAnswers, requireImageReference } from '@landfall/image'
import { unpackBuildah } from '../build/buildah.ts'
import { provideParts } from '../cache/parts.ts'
import { isKubernetesBuilt } from '../cache/programs.ts'
import type { ClusterOptions, Progress } from '../contract.ts'
import { keepPrivate } from '../host/private-directory.ts'
import { missingToPrepare } from '../host/requirements.ts'
import { readCatalog } from './catalog.ts'
import { inParallel } from './in-parallel.ts'
import { makeImage } from './make.ts'
import { prepareImages } from './provide.ts'
import { selectRelease } from './select.ts'

/**
 * Puts everything into the cache that a cluster runs and that builds of a project need, and makes the named images from packages;
 * all at the same time, without starting anything. What is there already is left alone. Throws an Error with what is missing,
 * cannot be built or cannot be made from packages.
 */
export async function prepareAhead(
  options: ClusterOptions,
  images: readonly string[],
  progress: Progress,
): Promise<void> {
  const { cacheDirectory } = options
  const missing = missingToPrepare(images)[0]
  if (missing !== undefined) throw new Error(`${missing.missing} (${missing.hint})`)
  keepPrivate(cacheDirectory)
  await Promise.all([
    provideParts(options, undefined, progress),
    unpackBuildah(cacheDirectory, progress),
    prepareImages(images, cacheDirectory, progress),
  ])
}

/**
 * While Kubernetes is being built: makes the images from packages that a cluster will need because their registry does not respond. If
 * Kubernetes is built already it does nothing. What cannot be made is reported by `provideImages`, when the cluster runs.
 */
export async function prepareImagesMeanwhile(
  images: readonly string[],
  cacheDirectory: string,
  progress: Progress,
): Promise<void> {
  if (images.length === 0 || (await isKubernetesBuilt(cacheDirectory))) return
  const catalog = readCatalog()
  const answers = new Map<string, Promise<boolean>>()
  await inParallel(1, images, async (image) => {
    try {
      const { host } = requireImageReference(image)
      const answer = answers.get(host) ?? registryAnswers(host)
      answers.set(host, answer)
      if (await answer) return
      const selection = await selectRelease(catalog, image, cacheDirectory, progress)
      if (selection.found !== 'release') return
      await makeImage(selection.image, selection.release, cacheDirectory, progress)
    } catch {
      // Reported with the image when it is provided.
    }
  })
}
