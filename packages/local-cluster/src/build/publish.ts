import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Instruction, requireImageReference } from '@landfall/image'
import type { Progress } from '../contract.ts'
import { CommandFailed, run } from '../host/run.ts'
import { buildAndPushWithBuildah, failureOf, readDockerfile } from './build.ts'
import { openBuildah } from './buildah.ts'
import { readFailure } from './failure.ts'
import type { BuildOutcome, ImageBuild } from './outcome.ts'

/**
 * Builds an image and pushes it as `reference` (`host/path/name:tag`) for a cluster that is not on this machine: with the
 * Docker engine if there is one, else with buildah, which needs root and Debian packages. Logins are those of `docker login`.
 */
export async function buildAndPush(
  build: ImageBuild,
  reference: string,
  cacheDirectory: string,
  progress: Progress,
): Promise<BuildOutcome> {
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
    { reference, insecure },
    progress,
  )
}

async function buildAndPushWithDocker(
  build: ImageBuild,
  instructions: readonly Instruction[],
  reference: string,
  progress: Progress,
): Promise<BuildOutcome> {
  const scratch = mkdtempSync(join(tmpdir(), 'landfall-build-'))
  const step = `building ${build.image}`
  const begun = Date.now()
  progress({ step, state: 'start' })
  let file = build.dockerfile ?? join(build.context, 'Dockerfile')
  if (build.dockerfileInline !== undefined) {
    file = join(scratch, 'Dockerfile')
    writeFileSync(file, build.dockerfileInline)
  }
  const onLine = (detail: string) => progress({ step, state: 'progress', detail })
  try {
    await run(
      'docker',
      [
        ...['build', '--file', file, '--tag', reference],
        ...(build.target === undefined ? [] : ['--target', build.target]),
        ...Object.entries(build.args).flatMap(([name, value]) => [
          '--build-arg',
          `${name}=${value}`,
        ]),
        build.context,
      ],
      { onLine },
    )
    const pushed = await run('docker', ['push', reference], { onLine })
    const digest = /digest: (sha256:[0-9a-f]{64})/.exec(pushed)?.[1]
    if (digest === undefined)
      return { ...failureOf(build), message: `docker push ${reference} printed no digest` }
    progress({ step, state: 'done', ms: Date.now() - begun })
    return { ok: true, image: build.image, digest, cached: false }
  } catch (error) {
    if (!(error instanceof CommandFailed)) throw error
    return { ...failureOf(build), ...readFailure(error.output, instructions) }
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
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
