import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type Instruction, requireImageReference } from '@landfall/image'
import type { Progress } from '../contract.ts'
import { platform } from '../host/architecture.ts'
import { buildAndPushWithBuildah } from './build.ts'
import { openBuildah } from './buildah.ts'
import { buildAndPushWithBuildctl } from './engines/buildctl.ts'
import { canBuildHere, noBuilder, scratchDirectory } from './engines/deliver.ts'
import { buildAndPushFromStore } from './engines/docker-like.ts'
import { type Engine, findEngine } from './engines/engine.ts'
import type { BuildOutcome, ImageBuild } from './outcome.ts'
import { platformToBuild } from './platform.ts'
import { withFetchedContexts } from './remote/with-fetched-contexts.ts'
import { readDockerfile, runBuild } from './run-build.ts'

/**
 * Builds an image and pushes it as `reference` (`host/path/name:tag`) for a cluster that is not on this machine: with Docker,
 * Podman, nerdctl or BuildKit if one responds, else with buildah, which needs root and Debian packages. Logins are those of
 * `docker login`, or of the builder itself. `nodes` is the platform of the nodes (`linux/arm64`) where it is not that of this machine.
 */
export async function buildAndPush(
  given: ImageBuild,
  reference: string,
  { cacheDirectory, nodes }: { cacheDirectory: string; nodes?: string | undefined },
  progress: Progress,
): Promise<BuildOutcome> {
  const fetched = await withFetchedContexts(given, cacheDirectory, progress)
  if (!fetched.ok) return fetched
  const { build } = fetched
  const read = readDockerfile(build)
  if (!read.ok) return read
  const target = platformToBuild(build, nodes, platform)
  const engine = await findEngine(process.env)
  if (engine !== undefined)
    return pushWithEngine(
      engine,
      build,
      read.dockerfile.instructions,
      { reference, platform: target, cacheDirectory },
      progress,
    )
  if (!canBuildHere()) return noBuilder(build)
  const { host } = requireImageReference(reference)
  const insecure = isLoopback(host)
  const plainHttp = insecure ? [host] : []
  const buildah = await openBuildah(cacheDirectory, { mirrors: [], plainHttp }, progress)
  return buildAndPushWithBuildah(
    buildah,
    build,
    read.dockerfile.instructions,
    target === undefined ? [] : ['--platform', target],
    { reference, insecure, registries: plainHttp, ...dockerLogins(process.env) },
    progress,
  )
}

async function pushWithEngine(
  engine: Engine,
  build: ImageBuild,
  instructions: readonly Instruction[],
  {
    reference,
    platform,
    cacheDirectory,
  }: { reference: string; platform: string | undefined; cacheDirectory: string },
  progress: Progress,
): Promise<BuildOutcome> {
  const insecure = isLoopback(requireImageReference(reference).host)
  return runBuild(
    build,
    instructions,
    progress,
    (scratch, common, report) => {
      const one = { engine, build, platform, env: process.env, scratch, report }
      return engine.name === 'buildctl'
        ? buildAndPushWithBuildctl(one, reference, insecure)
        : buildAndPushFromStore({ ...one, common }, reference, insecure)
    },
    scratchDirectory(cacheDirectory),
  )
}

/** `docker login` writes there if that is set; buildah knows the usual places only. */
function dockerLogins({ DOCKER_CONFIG }: NodeJS.ProcessEnv): { authFile?: string } {
  const file = DOCKER_CONFIG ? join(DOCKER_CONFIG, 'config.json') : ''
  return existsSync(file) ? { authFile: file } : {}
}

/** Docker, too, uses plain http for registries on the machine itself. */
function isLoopback(host: string): boolean {
  return /^(?:localhost|127(?:\.\d+){3}|\[::1\])(?::\d+)?$/.test(host)
}
