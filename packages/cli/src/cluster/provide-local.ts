import { shownContext } from '@landfall/image'
import { type Bundle, imagesOf, pinImages } from '@landfall/kube'
import {
  type BuildFailure,
  type Cluster,
  type ClusterOptions,
  type ImageSource,
  loadStandIns,
  type Progress,
  provideImages,
  readRoles,
} from '@landfall/local-cluster'
import type { Display } from '../display/display.ts'
import { orCommandFailed } from '../errors.ts'
import type { ProjectBuilds } from './builds/project-builds.ts'

/** A bundle whose images a cluster can pull, and where they came from; or the build that failed. */
export type Provided =
  | { ok: true; bundle: Bundle; images: readonly ImageSource[] }
  | { ok: false; failure: BuildFailure }

/** Throws CommandFailed, with each place, when roles of a folder cannot be played. */
export async function checkStandIns(directory: string): Promise<void> {
  await orCommandFailed(readRoles(directory))
}

/** Makes a local cluster able to pull images that are not stand-ins, from Docker Hub or from packages; resolves with those. */
export async function provideNamed(
  images: readonly string[],
  cluster: Cluster,
  options: ClusterOptions,
  standIns: readonly ImageSource[],
  display: Display,
): Promise<readonly ImageSource[]> {
  const wanted = images.filter((image) => !standIns.some((one) => one.image === image))
  return orCommandFailed(provideImages(cluster, options, wanted, display.progress))
}

/** Loads the stand-ins of a directory into a cluster that runs. Throws CommandFailed. */
export function provideStandIns(
  options: ClusterOptions,
  directory: string,
  progress: Progress,
): Promise<readonly ImageSource[]> {
  return orCommandFailed(loadStandIns(options, directory, progress))
}

/**
 * Makes a local cluster able to pull every image of the bundle, and `more`: stand-ins that are loaded, the project's own builds, the
 * rest from Docker Hub or from packages.
 */
export async function provideLocal(
  bundle: Bundle,
  more: readonly string[],
  cluster: Cluster,
  options: ClusterOptions,
  standIns: readonly ImageSource[],
  builds: ProjectBuilds,
  display: Display,
): Promise<Provided> {
  const built = new Set(bundle.builds.map(({ image }) => image))
  const named = [...new Set([...imagesOf(bundle), ...more])].filter((image) => !built.has(image))
  const images = await provideNamed(named, cluster, options, standIns, display)
  // A node keeps what it has pulled under a tag: only the digest shows that a role has changed.
  const pins = new Map(
    standIns.flatMap(({ image, digest }) =>
      digest === undefined ? [] : [[image, `${image}@${digest}`] as const],
    ),
  )
  const sources: ImageSource[] = []
  for (const { build, outcome } of await builds.run(bundle.builds, cluster)) {
    if (!outcome.ok) return { ok: false, failure: outcome }
    pins.set(build.image, `${outcome.image}@${outcome.digest}`)
    sources.push({
      image: build.image,
      from: 'build',
      detail: `built from ${shownContext(build.context)}`,
    })
  }
  return {
    ok: true,
    bundle: pinImages(bundle, pins),
    images: [...standIns, ...images, ...sources],
  }
}
