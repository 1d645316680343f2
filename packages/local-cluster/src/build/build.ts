import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  copyImage,
  type Dockerfile,
  type Instruction,
  lookUpImage,
  type PulledImage,
  pulledImages,
} from '@landfall/image'
import type { ClusterOptions, ImageSource, Progress, Registries } from '../contract.ts'
import { registryWriter } from '../control-plane/registry-writer.ts'
import { platform } from '../host/architecture.ts'
import { writeNew } from '../host/files/new-file.ts'
import { withLock } from '../host/lock.ts'
import { readCatalog } from '../images/catalog.ts'
import { provideImages } from '../images/provide.ts'
import { selectRelease } from '../images/select.ts'
import { machineSources, openSuite } from '../images/suite.ts'
import { withBuildNetwork } from '../network/build-network.ts'
import {
  type Buildah,
  configuredPlaces,
  isolationOptions,
  openBuildah,
  packageManagerVolumes,
  runBuildah,
} from './buildah.ts'
import { contextHash } from './context.ts'
import type { BuildOutcome, ImageBuild } from './outcome.ts'
import { buildReach } from './reach.ts'
import { withFetchedContexts } from './remote/with-fetched-contexts.ts'
import { failureOf, readDockerfile, runBuild } from './run-build.ts'

/** The label with the hash of the inputs that an image was built from. */
const inputsLabel = 'landfall.dev/build'

/**
 * Builds an image of a project for a local cluster and pushes it into the cluster's registry under the image's own name.
 * What was built from the same inputs before is not built again, whatever service it was for.
 */
export async function buildImage(
  cluster: Registries,
  options: ClusterOptions,
  build: ImageBuild,
  progress: Progress,
): Promise<BuildOutcome> {
  const fetched = await withFetchedContexts(build, options.cacheDirectory, progress)
  return fetched.ok ? buildFromDirectories(cluster, options, fetched.build, progress) : fetched
}

async function buildFromDirectories(
  cluster: Registries,
  options: ClusterOptions,
  build: ImageBuild,
  progress: Progress,
): Promise<BuildOutcome> {
  const { cacheDirectory } = options
  const read = readDockerfile(build)
  if (!read.ok) return read
  const bases = basesOf(build, read.dockerfile)
  const sources = await provideImages(
    cluster,
    options,
    bases.map(({ image }) => image),
    progress,
  )
  const missing = sources.findIndex(({ from }) => from === 'missing')
  if (missing !== -1)
    return {
      ...failureOf(build),
      message: `${sources[missing]?.image}: ${sources[missing]?.detail}`,
      ...(bases[missing] && { line: bases[missing].line }),
    }
  const mirrors = [cluster.registry, cluster.packageRegistry]
  const writer = registryWriter(options)
  const inputs = await inputsHash(
    build,
    read.text,
    bases.map(({ image }) => image),
    mirrors,
  )
  const done = async (cached: boolean): Promise<BuildOutcome | undefined> => {
    const held = await lookUpImage(cluster.registry, build.image)
    if (held?.labels?.[inputsLabel] === inputs)
      return { ok: true, image: build.image, digest: held.digest, cached }
    const digest = await copyImage(writer.registry, buildsName(inputs), build.image, writer.fetch)
    return digest === undefined ? undefined : { ok: true, image: build.image, digest, cached }
  }
  return (
    (await done(true)) ??
    (await withLock(join(cacheDirectory, 'builder', `${inputs}.lock`), async () => {
      const doneMeanwhile = await done(true)
      if (doneMeanwhile !== undefined) return doneMeanwhile
      const buildah = await openBuildah(
        cacheDirectory,
        { mirrors, plainHttp: [writer.registry] },
        progress,
      )
      const volumes = await volumesFor(buildah, sources, cacheDirectory, progress)
      const reference = `${writer.registry}/${buildsName(inputs)}`
      const label = ['--label', `${inputsLabel}=${inputs}`]
      const built = await buildAndPushWithBuildah(
        buildah,
        build,
        read.dockerfile.instructions,
        [...volumes, ...label],
        {
          reference,
          insecure: true,
          uncompressed: true,
          registries: mirrors,
          dns: gatewayOf(cluster),
          authFile: writer.dockerLogin,
        },
        progress,
      )
      return built.ok ? ((await done(false)) ?? built) : built
    }))
  )
}

/** Where a build pulls and pushes, and what it needs for that. */
export interface BuildTarget {
  reference: string
  insecure: boolean
  /** The registry is on this machine: compressed layers cost more time than they save. */
  uncompressed?: true
  /** Registries that it pulls from, as `host:port`. */
  registries: readonly string[]
  /** A name server for machines whose own listen on loopback only. */
  dns?: string
  /** A file with the login of the registry; the machine's own logins are used if omitted. */
  authFile?: string
}

/**
 * Runs one build and pushes its result; the outcome's digest is that of the registry. The whole build has a network of its own
 * (decision 0016), the push has the machine's.
 */
export async function buildAndPushWithBuildah(
  buildah: Buildah,
  build: ImageBuild,
  instructions: readonly Instruction[],
  extra: readonly string[],
  target: BuildTarget,
  progress: Progress,
): Promise<BuildOutcome> {
  return buildWithBuildah(
    buildah,
    build,
    instructions,
    extra,
    target,
    progress,
    async (id, scratch) => {
      const digest = join(scratch, 'digest')
      await runBuildah(buildah, [
        ...['push', `--tls-verify=${!target.insecure}`, '--digestfile', digest],
        ...(target.uncompressed ? ['--disable-compression'] : []),
        ...(target.authFile === undefined ? [] : ['--authfile', target.authFile]),
        ...[id, `docker://${target.reference}`],
      ])
      return readFileSync(digest, 'utf8').trim()
    },
  )
}

/** Runs one build in a network of its own; `deliver` takes the id of the image to where it is wanted. */
export async function buildWithBuildah(
  buildah: Buildah,
  build: ImageBuild,
  instructions: readonly Instruction[],
  extra: readonly string[],
  target: Pick<BuildTarget, 'registries' | 'dns'>,
  progress: Progress,
  deliver: (id: string, scratch: string) => Promise<string>,
): Promise<BuildOutcome> {
  return runBuild(build, instructions, progress, async (scratch, { options, env }, report) => {
    const iid = join(scratch, 'iid')
    const places = [...target.registries, ...(await configuredPlaces(machineSources()))]
    const reach = await buildReach(places, target.dns)
    const resolvConf = join(scratch, 'resolv.conf')
    writeNew(resolvConf, reach.nameServers.map((one) => `nameserver ${one}\n`).join(''))
    await withBuildNetwork(reach, buildah.tools, (network) =>
      runBuildah(
        buildah,
        [
          ...['bud', ...isolationOptions(buildah, network), '--format', 'docker', '--layers'],
          ...['--pull-always', ...options, ...extra, '--iidfile', iid, build.context],
        ],
        {
          network,
          env: { ...env, RESOLV_CONF: resolvConf },
          onLine: (line) => {
            if (/^(?:\[\d+\/\d+\] )?STEP /.test(line)) report(line)
          },
        },
      ),
    )
    return deliver(readFileSync(iid, 'utf8').trim(), scratch)
  })
}

/** The images that a build pulls: a further context stands for the name behind FROM and `--from`, and may be an image. */
function basesOf({ args, contexts = {} }: ImageBuild, dockerfile: Dockerfile): PulledImage[] {
  const named = pulledImages(dockerfile, { args, platform })
  const further = Object.entries(contexts).flatMap(([name, from]) => {
    const image = /^docker-image:\/\/(.+)$/.exec(from)?.[1]
    // What is pinned by digest has just been built.
    if (image === undefined || image.includes('@')) return []
    return [{ image, line: named.find((one) => one.image === name)?.line ?? 1 }]
  })
  return [...named.filter(({ image }) => !Object.hasOwn(contexts, image)), ...further]
}

/** The further contexts with the content of those that are directories. */
function furtherContexts({ contexts = {} }: ImageBuild): [string, string][] {
  return Object.entries(contexts)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, from]) => [name, from.startsWith('/') ? contextHash(from, undefined) : from])
}

/** The address at which the cluster's name server listens. */
function gatewayOf({ registry }: Registries): string {
  return registry.replace(/:\d+$/, '')
}

/** A name in the cluster's registry for everything that is built from the same inputs. */
function buildsName(inputs: string): string {
  return `landfall/builds:${inputs}`
}

async function inputsHash(
  build: ImageBuild,
  dockerfile: string,
  bases: readonly string[],
  registries: readonly string[],
): Promise<string> {
  const digests = await Promise.all(
    bases.map(async (image) => {
      for (const registry of registries) {
        const held = await lookUpImage(registry, image)
        if (held !== undefined) return held.digest
      }
      return image
    }),
  )
  const args = Object.entries(build.args).sort(([a], [b]) => (a < b ? -1 : 1))
  return createHash('sha256')
    .update(JSON.stringify([dockerfile, build.target ?? null, args, digests]))
    .update(contextHash(build.context, build.dockerfile))
    .update(JSON.stringify(furtherContexts(build)))
    .digest('hex')
    .slice(0, 32)
}

/** Only images that we made are known to have the files that are covered, so only on those anything is. */
async function volumesFor(
  buildah: Buildah,
  sources: readonly ImageSource[],
  cacheDirectory: string,
  progress: Progress,
): Promise<string[]> {
  if (sources.some(({ from }) => from !== 'package')) return []
  const catalog = readCatalog()
  const systems = []
  for (const { image } of sources) {
    const selection = await selectRelease(catalog, image, cacheDirectory, progress)
    if (selection.found === 'release' && selection.image.root === 'debian') systems.push(selection)
  }
  // Programs alone have no files to cover, and a RUN on them would leave the covering ones behind.
  if (systems.length === 0) return []
  const [suite, ...others] = new Set(systems.map(({ release }) => release.suite))
  const opened =
    suite === undefined || others.length > 0
      ? undefined
      : await openSuite(suite, cacheDirectory, progress)
  return packageManagerVolumes(
    buildah,
    systems.map(({ image }) => image),
    opened,
  )
}
