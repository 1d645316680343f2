import { readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { CommandFailed, run } from '../../host/run.ts'
import type { ImageBuild } from '../outcome.ts'
import { secretFile, writtenDockerfile } from '../run-build.ts'
import { importOptions } from './caches.ts'
import { contentTag } from './docker-like.ts'
import type { Engine } from './engine.ts'

/** One build with BuildKit's own client. */
export interface BuildctlBuild {
  engine: Engine
  build: ImageBuild
  env: NodeJS.ProcessEnv
  platform?: string | undefined
  scratch: string
  report: (line: string) => void
}

/** Builds an archive whose image is tagged by its content; resolves with its reference. */
export async function buildArchiveWithBuildctl(
  one: BuildctlBuild,
  repository: string,
  archive: string,
): Promise<string> {
  const id = await solve(one, 'type=docker,name=landfall:build', archive)
  const reference = `${repository}:${contentTag(id)}`
  // The second time everything comes from BuildKit's cache: the name is part of the archive.
  await solve(one, `type=docker,name=${reference}`, archive)
  return reference
}

/** Builds an image and pushes it; resolves with the digest of the manifest in the registry. */
export function buildAndPushWithBuildctl(
  one: BuildctlBuild,
  reference: string,
  insecure: boolean,
): Promise<string> {
  const plain = insecure ? ',registry.insecure=true' : ''
  return solve(one, `type=image,name=${reference},push=true${plain}`)
}

/** Runs a build; resolves with the digest of the configuration for an archive, else of the manifest. */
async function solve(one: BuildctlBuild, output: string, archive?: string): Promise<string> {
  const { engine, env, scratch, report } = one
  const metadata = join(scratch, 'metadata.json')
  const [program, ...leading] = engine.command
  await run(
    program,
    [
      ...[...leading, 'build', ...frontendOptions(one), ...importOptions(one.build)],
      ...['--progress', 'plain'],
      ...['--output', archive === undefined ? output : `${output},dest=${archive}`],
      ...['--metadata-file', metadata],
    ],
    { base: env, onLine: report },
  )
  const key = archive === undefined ? 'containerimage.digest' : 'containerimage.config.digest'
  const digest: unknown = JSON.parse(readFileSync(metadata, 'utf8'))[key]
  if (typeof digest !== 'string' || !/^sha256:[0-9a-f]{64}$/.test(digest))
    throw new CommandFailed('buildctl build', 0, `the metadata of the build has no ${key}`)
  return digest
}

/** The options of the Dockerfile frontend. Build arguments have no other place than the command line. */
function frontendOptions({ build, platform, scratch }: BuildctlBuild): string[] {
  const file = writtenDockerfile(build, scratch)
  const local = (name: string, directory: string) => ['--local', `${name}=${directory}`]
  const opt = (key: string, value: string | undefined) =>
    value === undefined ? [] : ['--opt', `${key}=${value}`]
  return [
    ...['--frontend', 'dockerfile.v0'],
    ...local('context', build.context),
    ...local('dockerfile', dirname(file)),
    ...opt('filename', basename(file)),
    ...opt('target', build.target),
    ...opt('platform', platform),
    ...Object.entries(build.args).flatMap(([name, value]) => opt(`build-arg:${name}`, value)),
    ...Object.entries(build.contexts ?? {}).flatMap(([name, from]) =>
      from.startsWith('/')
        ? [...local(`context-${name}`, from), ...opt(`context:${name}`, `local:context-${name}`)]
        : opt(`context:${name}`, from),
    ),
    ...(build.secrets ?? []).flatMap((secret, index) => [
      '--secret',
      `id=${secret.id},src=${secretFile(secret, join(scratch, `secret-${index}`))}`,
    ]),
    ...(build.ssh ?? []).flatMap((one) => ['--ssh', one]),
    ...opt('add-hosts', joined(build.hosts?.map((host) => host.replace(':', '=')))),
    ...opt('shm-size', build.shmSize),
    ...opt('ulimit', joined(build.ulimits)),
  ]
}

function joined(values: readonly string[] | undefined): string | undefined {
  return values === undefined || values.length === 0 ? undefined : values.join(',')
}
