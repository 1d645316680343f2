import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Dockerfile, type Instruction, parseDockerfile } from '@landfall/image'
import type { BuildSecret } from '@landfall/kube'
import type { Progress } from '../contract.ts'
import { LARGEST_BUILD_FILE, readBounded } from '../host/read-bounded.ts'
import { CommandFailed } from '../host/run.ts'
import { asStep } from '../host/step.ts'
import { SECRET_MODE, writeWhole } from '../host/write-whole.ts'
import { ignoreFiles } from './context.ts'
import { readFailure } from './failure.ts'
import type { BuildFailure, BuildOutcome, ImageBuild } from './outcome.ts'

/** The text of a build's Dockerfile and its instructions, or that there is none. */
export function readDockerfile(
  build: ImageBuild,
): { ok: true; text: string; dockerfile: Dockerfile } | BuildFailure {
  if (!existsSync(build.context))
    return { ...failureOf(build), message: `the build context ${build.context} does not exist` }
  const file = dockerfileOf(build)
  const read =
    build.dockerfileInline === undefined
      ? readBounded(file, LARGEST_BUILD_FILE)
      : { ok: true as const, text: build.dockerfileInline }
  if (!read.ok) return { ...failureOf(build), message: `${file} ${read.why}` }
  for (const ignores of ignoreFiles(build.context, file)) {
    const patterns = readBounded(ignores, LARGEST_BUILD_FILE)
    if (!patterns.ok && !patterns.missing)
      return { ...failureOf(build), message: `${ignores} ${patterns.why}` }
  }
  return { ok: true, text: read.text, dockerfile: parseDockerfile(read.text) }
}

/**
 * Runs a build and its push, which resolve with the digest in the registry. `scratch` is a directory that is removed
 * afterwards, `options` are those that all builders have in common. A command that fails becomes a failure of the build.
 * `scratchIn` is for builders that do not see the directory for temporary files.
 */
export async function runBuild(
  build: ImageBuild,
  instructions: readonly Instruction[],
  progress: Progress,
  work: (
    scratch: string,
    common: CommonOptions,
    report: (detail: string) => void,
  ) => Promise<string>,
  scratchIn: string = tmpdir(),
): Promise<BuildOutcome> {
  const scratch = mkdtempSync(join(scratchIn, 'landfall-build-'))
  try {
    const common = commonOptions(build, scratch)
    const digest = await asStep(progress, `building ${build.image}`, (report) =>
      work(scratch, common, report),
    )
    return { ok: true, image: build.image, digest, cached: false }
  } catch (error) {
    if (!(error instanceof CommandFailed)) throw error
    return { ...failureOf(build), ...readFailure(error.output, instructions) }
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

/** A failure of which nothing more is known. */
export function failureOf(build: ImageBuild): BuildFailure {
  const dockerfile =
    build.dockerfileInline === undefined ? dockerfileOf(build) : `${build.context} (inline)`
  return { ok: false, image: build.image, message: 'the build failed', dockerfile, output: [] }
}

/** What all builders have in common; build arguments are in the environment, because every user of a machine reads command lines. */
export interface CommonOptions {
  options: readonly string[]
  env: Record<string, string>
}

/** Names that a builder or the programs that it starts read themselves: such arguments stay on the command line. */
const readByBuilders =
  /^(?:PATH|HOME|USER|SHELL|TMPDIR|PWD|LANG|LC_.*|LD_.*|XDG_.*|SSL_.*|SSH_.*|DBUS_.*|GODEBUG|GOTRACEBACK|.*_proxy|DOCKER.*|BUILD.*|CONTAINER.*|REGISTRY_AUTH_FILE|STORAGE_.*|REGISTRIES_.*|OTEL_.*|UNPACKED|RESOLV_CONF|_.*)$/i

function commonOptions(build: ImageBuild, scratch: string): CommonOptions {
  const file = writtenDockerfile(build, scratch)
  const env: Record<string, string> = {}
  const args = Object.entries(build.args).flatMap(([name, value]) => {
    if (readByBuilders.test(name) || !/^\w+$/.test(name)) return ['--build-arg', `${name}=${value}`]
    env[name] = value
    return ['--build-arg', name]
  })
  const options = [
    ...['--file', file],
    ...(build.target === undefined ? [] : ['--target', build.target]),
    ...args,
    ...Object.entries(build.contexts ?? {}).flatMap(([name, from]) => [
      '--build-context',
      `${name}=${from}`,
    ]),
    ...(build.secrets ?? []).flatMap((secret, index) => [
      '--secret',
      `id=${secret.id},src=${secretFile(secret, join(scratch, `secret-${index}`))}`,
    ]),
    ...(build.ssh ?? []).flatMap((one) => ['--ssh', one]),
    ...(build.hosts ?? []).flatMap((host) => ['--add-host', host]),
    ...(build.shmSize === undefined ? [] : ['--shm-size', build.shmSize]),
    ...(build.ulimits ?? []).flatMap((limit) => ['--ulimit', limit]),
  ]
  return { options, env }
}

/** The path of the Dockerfile; one whose text is in the Compose file is written to `scratch`. */
export function writtenDockerfile(build: ImageBuild, scratch: string): string {
  if (build.dockerfileInline === undefined) return dockerfileOf(build)
  const file = join(scratch, 'Dockerfile')
  writeWhole(file, build.dockerfileInline, undefined, 'unflushed')
  return file
}

/** The file of a secret; a value is written to `place`, in a directory that is removed after the build. */
export function secretFile({ from }: BuildSecret, place: string): string {
  if ('file' in from) return from.file
  writeWhole(place, from.value, SECRET_MODE, 'unflushed')
  return place
}

function dockerfileOf(build: ImageBuild): string {
  return build.dockerfile ?? join(build.context, 'Dockerfile')
}
