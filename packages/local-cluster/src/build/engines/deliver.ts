import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Progress } from '../../contract.ts'
import { platform } from '../../host/architecture.ts'
import { buildWithBuildah } from '../build.ts'
import { openBuildah, runBuildah } from '../buildah.ts'
import type { BuildFailure, ImageBuild } from '../outcome.ts'
import { platformToBuild } from '../platform.ts'
import { withFetchedContexts } from '../remote/with-fetched-contexts.ts'
import { failureOf, readDockerfile, runBuild } from '../run-build.ts'
import { buildArchiveWithBuildctl } from './buildctl.ts'
import { buildIntoStore, contentTag, saveArchive } from './docker-like.ts'
import type { Engine } from './engine.ts'

/** How an image is built for a cluster that has no registry. */
export interface Delivery {
  /** If omitted, Landfall's own builder, which needs root on Debian or Ubuntu. */
  engine?: Engine | undefined
  /** `docker.io/library/shop-web` */
  repository: string
  /** The platform of the nodes, `linux/arm64`; that of the builder if omitted. */
  platform?: string | undefined
  /** Path of the archive to write; without one, the image is in the store of the engine alone. */
  archive?: string | undefined
  cacheDirectory: string
  env: NodeJS.ProcessEnv
}

/** An image with a tag that is a function of its content, or the build that failed. */
export type Delivered = { ok: true; image: string; reference: string } | BuildFailure

/** Builds an image with an engine of this machine, or with Landfall's own builder, into its store or an archive. */
export async function buildAndDeliver(
  given: ImageBuild,
  { platform: nodes, ...others }: Delivery,
  progress: Progress,
): Promise<Delivered> {
  const delivery = { ...others, platform: platformToBuild(given, nodes, platform) }
  const { cacheDirectory, engine } = delivery
  const fetched = await withFetchedContexts(given, cacheDirectory, progress)
  if (!fetched.ok) return fetched
  const { build } = fetched
  const read = readDockerfile(build)
  if (!read.ok) return read
  if (engine === undefined && !canBuildHere()) return noBuilder(build)
  const { instructions } = read.dockerfile
  const outcome =
    engine === undefined
      ? await deliverWithBuildah(build, instructions, delivery, progress)
      : await runBuild(
          build,
          instructions,
          progress,
          (scratch, common, report) =>
            engine.name === 'buildctl'
              ? buildArchiveWithBuildctl(
                  { ...delivery, engine, build, scratch, report },
                  delivery.repository,
                  delivery.archive ?? '',
                )
              : storeAndSave({ ...delivery, engine, build, common, scratch, report }),
          scratchDirectory(cacheDirectory),
        )
  return outcome.ok ? { ok: true, image: outcome.image, reference: outcome.digest } : outcome
}

async function storeAndSave(one: Delivery & Parameters<typeof buildIntoStore>[0]): Promise<string> {
  const reference = await buildIntoStore(one, one.repository)
  if (one.archive !== undefined) await saveArchive(one.engine, reference, one.archive, one.env)
  return reference
}

async function deliverWithBuildah(
  build: ImageBuild,
  instructions: Parameters<typeof buildWithBuildah>[2],
  { repository, archive = '', platform, cacheDirectory }: Delivery,
  progress: Progress,
) {
  const buildah = await openBuildah(cacheDirectory, { mirrors: [], plainHttp: [] }, progress)
  const extra = platform === undefined ? [] : ['--platform', platform]
  const target = { registries: [] }
  return buildWithBuildah(buildah, build, instructions, extra, target, progress, async (id) => {
    const reference = `${repository}:${contentTag(id)}`
    await runBuildah(buildah, ['push', id, `docker-archive:${archive}:${reference}`])
    return reference
  })
}

/** Whether Landfall's own builder works on this machine. */
export function canBuildHere(): boolean {
  return process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')
}

/** The failure of a build for which this machine has no builder. */
export function noBuilder(build: ImageBuild): BuildFailure {
  return {
    ...failureOf(build),
    message:
      'Docker, Podman, nerdctl and buildctl are not installed or do not respond; building without them needs root on Debian or Ubuntu',
  }
}

/** In the cache: machines of Colima and Rancher Desktop see the home directory, and no directory for temporary files. */
export function scratchDirectory(cacheDirectory: string): string {
  const directory = join(cacheDirectory, 'scratch')
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  return directory
}
