import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { CommandFailed, run } from '../../host/run.ts'
import type { ImageBuild } from '../outcome.ts'
import type { CommonOptions } from '../run-build.ts'
import { cacheOptions } from './caches.ts'
import type { Engine } from './engine.ts'

/** One build with an engine whose command line is that of Docker. */
export interface DockerLikeBuild {
  engine: Engine
  build: ImageBuild
  common: CommonOptions
  env: NodeJS.ProcessEnv
  /** `linux/arm64`; the engine's own if omitted. */
  platform?: string | undefined
  scratch: string
  report: (line: string) => void
}

/** The tag of an image by its content, so that pods are replaced exactly when it changes. */
export function contentTag(id: string): string {
  return `landfall-${id.replace(/^sha256:/, '').slice(0, 24)}`
}

/** Builds an image into the engine's store, tagged by its content; resolves with its reference. */
export async function buildIntoStore(one: DockerLikeBuild, repository: string): Promise<string> {
  const { engine, env } = one
  const temporary = `${repository}:landfall-build-${randomBytes(6).toString('hex')}`
  await buildAs(one, temporary)
  const call = (...args: string[]) => callEngine(engine, args, env)
  const id = (await call('image', 'inspect', '--format', '{{.Id}}', temporary)).trim()
  if (!/^(?:sha256:)?[0-9a-f]{64}$/.test(id))
    throw new CommandFailed(`${engine.name} image inspect`, 0, `no image id: ${id.slice(0, 200)}`)
  const reference = `${repository}:${contentTag(id)}`
  await call('tag', temporary, reference)
  await call('rmi', temporary)
  return reference
}

/** Builds an image and pushes it; resolves with the digest of the manifest in the registry. */
export async function buildAndPushFromStore(
  one: DockerLikeBuild,
  reference: string,
  insecure: boolean,
): Promise<string> {
  const { engine, env, scratch, report } = one
  await buildAs(one, reference)
  const digestFile = join(scratch, 'digest')
  // Docker and nerdctl decide by themselves where plain http is allowed.
  const options =
    engine.name === 'podman' ? [`--tls-verify=${!insecure}`, '--digestfile', digestFile] : []
  const printed = await callEngine(engine, ['push', ...options, reference], env, report)
  const digest =
    engine.name === 'podman'
      ? readFileSync(digestFile, 'utf8').trim()
      : (/digest: (sha256:[0-9a-f]{64})/.exec(printed)?.[1] ?? (await pushedDigest(one, reference)))
  if (digest === undefined)
    throw new CommandFailed(
      `${engine.name} push ${reference}`,
      0,
      `${engine.name} push printed no digest`,
    )
  return digest
}

/** What containerd's store has as the digest of a name. */
async function pushedDigest(
  { engine, env }: DockerLikeBuild,
  reference: string,
): Promise<string | undefined> {
  const format = ['--format', '{{json .RepoDigests}}']
  const printed = await callEngine(engine, ['image', 'inspect', ...format, reference], env)
  return /@(sha256:[0-9a-f]{64})/.exec(printed)?.[1]
}

/** Writes an image of the engine's store as an archive that every container runtime can load. */
export async function saveArchive(
  engine: Engine,
  reference: string,
  file: string,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const format = engine.name === 'podman' ? ['--format', 'docker-archive'] : []
  await callEngine(engine, ['save', ...format, '--output', file, reference], env)
}

async function buildAs(
  { engine, build, common, env, platform, report }: DockerLikeBuild,
  reference: string,
): Promise<void> {
  // Health checks are in Docker's format alone; a container builder of buildx keeps its result to itself without --load.
  const own: Partial<Record<Engine['name'], readonly string[]>> = {
    docker: engine.buildx ? ['buildx', 'build', '--load'] : ['build'],
    podman: ['build', '--format', 'docker'],
  }
  await callEngine(
    engine,
    [
      ...(own[engine.name] ?? ['build']),
      ...common.options,
      ...cacheOptions(build, engine),
      ...(platform === undefined ? [] : ['--platform', platform]),
      ...['--tag', reference, build.context],
    ],
    // Attestations have the time of the build: the same content would get another id each time.
    { ...env, ...common.env, BUILDX_NO_DEFAULT_ATTESTATIONS: '1' },
    report,
  )
}

function callEngine(
  { command: [program, ...leading] }: Engine,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  onLine?: (line: string) => void,
): Promise<string> {
  return run(program, [...leading, ...args], { base: env, ...(onLine && { onLine }) })
}
