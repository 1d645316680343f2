import { shownContext } from '@landfall/image'
import { type Bundle, imagesOf, pinImages } from '@landfall/kube'
import {
  type BuildFailure,
  type Cluster,
  type ClusterOptions,
  type ImageSource,
  loadStandIns,
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

/** Makes a local cluster able to pull images: stand-ins where a directory is given, the rest from Docker Hub or from packages. */
export async function provideNamed(
  images: readonly string[],
  cluster: Cluster,
  options: ClusterOptions,
  standIns: string | undefined,
  display: Display,
): Promise<{ standIns: readonly ImageSource[]; others: readonly ImageSource[] }> {
  const loaded =
    standIns === undefined
      ? []
      : await orCommandFailed(loadStandIns(options, standIns, display.progress))
  const wanted = images.filter((image) => !loaded.some((one) => one.image === image))
  const others = await orCommandFailed(provideImages(cluster, options, wanted, display.progress))
  return { standIns: loaded, others }
}

/**
 * Makes a local cluster able to pull every image of the bundle, and `more`: stand-ins where a directory is given, the project's own
 * builds, the rest from Docker Hub or from packages.
 */
export async function provideLocal(
  bundle: Bundle,
  more: readonly string[],
  cluster: Cluster,
  options: ClusterOptions,
  standIns: string | undefined,
  builds: ProjectBuilds,
  display: Display,
): Promise<Provided> {
  const built = new Set(bundle.builds.map(({ image }) => image))
  const named = [...new Set([...imagesOf(bundle), ...more])].filter((image) => !built.has(image))
  const { standIns: standInImages, others: images } = await provideNamed(
    named,
    cluster,
    options,
    standIns,
    display,
  )
  // A node keeps what it has pulled under a tag: only the digest shows that a role has changed.
  const pins = new Map(
    standInImages.flatMap(({ image, digest }) =>
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
    images: [...standInImages, ...images, ...sources],
  }
}
