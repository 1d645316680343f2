import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { parseImageReference, shownContext } from '@landfall/image'
import { type Bundle, pinImages } from '@landfall/kube'
import {
  buildAndDeliver,
  type Engine,
  findEngine,
  type ImageSource,
  openEngine,
} from '@landfall/local-cluster'
import { inBuildOrder, withBuiltContexts } from '../../cluster/builds/build-order.ts'
import type { Provided } from '../../cluster/provide-local.ts'
import type { Display } from '../../display/display.ts'
import { CommandFailed, orCommandFailed, UsageError } from '../../errors.ts'
import type { ClusterFacts } from '../kind/cluster-facts.ts'
import { type ClusterKind, describeKind } from '../kind/cluster-kind.ts'
import { findProgram, runTool } from './run-tool.ts'
import { sharedEngine } from './shared-engine.ts'
import { buildPlatform, type LoadCommand, type PullPolicy, type Way } from './way.ts'

/** Milliseconds for one image: large ones take minutes into a virtual machine. */
const LOAD_PATIENCE_MS = 1_800_000

interface ProvideByTool {
  bundle: Bundle
  cluster: ClusterKind
  facts: ClusterFacts
  way: Exclude<Way, { way: 'registry' }>
  cacheDirectory: string
  env: Readonly<Record<string, string>>
  display: Display
}

/** How images are built and loaded for one way. */
interface Route {
  /** Landfall's own builder if omitted. */
  engine?: Engine | undefined
  /** The command that loads an image; undefined where a built image is with the nodes already. */
  load?: ((image: { reference: string } | { archive: string }) => LoadCommand) | undefined
  /** The command takes the image from the engine's store. */
  fromStore: boolean
  policy: PullPolicy
}

/**
 * Builds the project's images on this machine, takes them to the nodes in the way of the cluster, and pins each by a tag of
 * its content, which nodes do not pull. Throws a UsageError where a program for it is missing.
 */
export async function provideByTool(options: ProvideByTool): Promise<Provided> {
  const { bundle, cluster, facts, cacheDirectory, env, display } = options
  const route = await routeOf(options)
  const platform = buildPlatform(facts, process.arch)
  const scratch = mkdtempSync(join(cacheDirectory, 'archives-'))
  const pins = new Map<string, string>()
  const references = new Map<string, string>()
  const images: ImageSource[] = []
  try {
    for (const build of inBuildOrder(bundle.builds)) {
      const archive =
        route.load === undefined || route.fromStore
          ? undefined
          : join(scratch, `image-${pins.size}.tar`)
      const delivery = { repository: qualified(build.image), platform, archive }
      const delivered = await orCommandFailed(
        buildAndDeliver(
          withBuiltContexts(build, references),
          { engine: route.engine, ...delivery, cacheDirectory, env: { ...env } },
          display.progress,
        ),
      )
      if (!delivered.ok) return { ok: false, failure: delivered }
      const { reference } = delivered
      if (route.load !== undefined)
        await load(
          route.load(archive === undefined ? { reference } : { archive }),
          options,
          build.image,
        )
      if (archive !== undefined) rmSync(archive, { force: true })
      references.set(build.service, reference)
      pins.set(build.image, reference)
      images.push({
        image: build.image,
        from: 'build',
        detail: `built from ${shownContext(build.context)}, loaded into ${describeKind(cluster)}`,
      })
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
  return { ok: true, bundle: pinImages(bundle, pins, route.policy), images }
}

async function routeOf({ cluster, facts, way, env }: ProvideByTool): Promise<Route> {
  if (way.way === 'shared')
    return {
      engine: await sharedEngine(cluster, way, facts, env),
      fromStore: true,
      policy: way.policy,
    }
  const program = way.way === 'tool' ? way.program : way.command[0]
  if (findProgram(program, env) === undefined)
    throw new UsageError(
      `the cluster is ${describeKind(cluster)}, and the program ${program}, which loads images into it, is not in PATH`,
      `install ${program}, or use --registry with a registry that both can reach`,
    )
  if (way.way === 'tool') {
    const engine = await findEngine({ ...env })
    const fromStore = engine !== undefined && way.stores.includes(engine.name)
    return { engine, load: way.load, fromStore, policy: 'Never' }
  }
  const own = await openEngine('nerdctl', { ...env }, way.command)
  if (own !== undefined) return { engine: own, fromStore: true, policy: 'Never' }
  const [, ...leading] = way.command
  return {
    engine: await findEngine({ ...env }, ['docker', 'podman', 'buildctl']),
    load: (image) => ({
      program,
      args: [...leading, 'load'],
      ...('archive' in image && { input: image.archive }),
    }),
    fromStore: false,
    policy: 'Never',
  }
}

/** k3d and others log an error and exit with 0. */
const LOGGED_ERROR = /^(?:\S*ERRO(?:R)?\b.*|.*\blevel=(?:error|fatal)\b.*|FATA\[.*)$/m

async function load(
  command: LoadCommand,
  { cluster, display, env }: ProvideByTool,
  image: string,
): Promise<void> {
  const step = `loading ${image} into ${describeKind(cluster)}`
  const began = performance.now()
  display.progress({ step, state: 'start' })
  const { code, output } = await runTool(command, env, LOAD_PATIENCE_MS)
  const logged = LOGGED_ERROR.exec(output)?.[0]
  if (code !== 0 || logged !== undefined)
    throw new CommandFailed(
      `${[command.program, ...command.args].join(' ')}: ${code === 0 ? 'it reported an error' : code === undefined ? 'it did not end' : `exit code ${code}`}\n${tail(output)}`,
    )
  display.progress({ step, state: 'done', ms: Math.round(performance.now() - began) })
}

function tail(output: string): string {
  return output.trimEnd().split('\n').slice(-12).join('\n')
}

/** The whole name of an image, without its tag: `docker.io/library/web`. */
function qualified(image: string): string {
  const reference = parseImageReference(image)
  return reference === undefined ? image : `${reference.host}/${reference.repository}`
}
