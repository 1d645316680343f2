import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type Instruction, requireImageReference } from '@landfall/image'
import type { Progress } from '../contract.ts'
import { CommandFailed, run } from '../host/run.ts'
import { buildAndPushWithBuildah } from './build.ts'
import { openBuildah } from './buildah.ts'
import type { BuildOutcome, ImageBuild } from './outcome.ts'
import { withFetchedContexts } from './remote/with-fetched-contexts.ts'
import { failureOf, readDockerfile, runBuild } from './run-build.ts'

/**
 * Builds an image and pushes it as `reference` (`host/path/name:tag`) for a cluster that is not on this machine: with the
 * Docker engine if there is one, else with buildah, which needs root and Debian packages. Logins are those of `docker login`.
 */
export async function buildAndPush(
  given: ImageBuild,
  reference: string,
  cacheDirectory: string,
  progress: Progress,
): Promise<BuildOutcome> {
  const fetched = await withFetchedContexts(given, cacheDirectory, progress)
  if (!fetched.ok) return fetched
  const { build } = fetched
  const read = readDockerfile(build)
  if (!read.ok) return read
  if (await dockerAnswers())
    return buildAndPushWithDocker(build, read.dockerfile.instructions, reference, progress)
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get'))
    return {
      ...failureOf(build),
      message: 'no Docker engine found; building without one needs root on Debian or Ubuntu',
    }
  const { host } = requireImageReference(reference)
  const insecure = isLoopback(host)
  const plainHttp = insecure ? [host] : []
  const buildah = await openBuildah(cacheDirectory, { mirrors: [], plainHttp }, progress)
  return buildAndPushWithBuildah(
    buildah,
    build,
    read.dockerfile.instructions,
    [],
    { reference, insecure, registries: plainHttp, ...dockerLogins(process.env) },
    progress,
  )
}

async function buildAndPushWithDocker(
  build: ImageBuild,
  instructions: readonly Instruction[],
  reference: string,
  progress: Progress,
): Promise<BuildOutcome> {
  return runBuild(build, instructions, progress, async (_scratch, { options, env }, report) => {
    await run('docker', ['build', ...options, '--tag', reference, build.context], {
      env,
      onLine: report,
    })
    const push = ['push', reference]
    const printed = await run('docker', push, { onLine: report })
    const digest = /digest: (sha256:[0-9a-f]{64})/.exec(printed)?.[1]
    if (digest === undefined)
      throw new CommandFailed(`docker ${push.join(' ')}`, 0, 'docker push printed no digest')
    return digest
  })
}

/** `docker login` writes there if that is set; buildah knows the usual places only. */
function dockerLogins({ DOCKER_CONFIG }: NodeJS.ProcessEnv): { authFile?: string } {
  const file = DOCKER_CONFIG ? join(DOCKER_CONFIG, 'config.json') : ''
  return existsSync(file) ? { authFile: file } : {}
}

async function dockerAnswers(): Promise<boolean> {
  try {
    await run('docker', ['version', '--format', '{{.Server.Version}}'])
    return true
  } catch {
    return false
  }
}

/** Docker, too, uses plain http for registries on the machine itself. */
function isLoopback(host: string): boolean {
  return /^(?:localhost|127(?:\.\d+){3}|\[::1\])(?::\d+)?$/.test(host)
}
