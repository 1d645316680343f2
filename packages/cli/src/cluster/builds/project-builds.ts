import type { ImageBuild } from '@landfall/kube'
import {
  type BuildFailure,
  type BuildOutcome,
  buildImage,
  type ClusterOptions,
  type Progress,
  type Registries,
} from '@landfall/local-cluster'
import { orCommandFailed } from '../../errors.ts'
import { contextServices, inBuildOrder, withBuiltContexts } from './build-order.ts'
import { heldImage } from './held-image.ts'

/** The builds of a project for a local cluster, each of which runs once in a run of `up`. */
export interface ProjectBuilds {
  /** Resolves with the outcomes in build order. What has begun already is not begun again; after a failure nothing more begins. */
  run(builds: readonly ImageBuild[], registries: Registries): Promise<BuiltImage[]>
}

/** A build, and how it ended. */
export interface BuiltImage {
  build: ImageBuild
  outcome: BuildOutcome
}

/** How many builds run at the same time: one often waits for a network. */
const AT_ONCE = 2

/** How one image is built. Throws CommandFailed with what does not work on this machine. */
export type RunBuild = (registries: Registries, build: ImageBuild) => Promise<BuildOutcome>

/** Builds with Landfall's own builder, for the registry of a local cluster. */
export function projectBuilds(options: ClusterOptions, progress: Progress): ProjectBuilds {
  return buildsWith(async (registries, build) => {
    const outcome = await orCommandFailed(buildImage(registries, options, build, progress))
    if (outcome.ok && outcome.cached)
      progress({ step: `image ${build.image}`, state: 'done', detail: 'unchanged, not built' })
    return outcome
  })
}

/** Runs builds side by side, each after those whose images are contexts of it. */
export function buildsWith(runBuild: RunBuild): ProjectBuilds {
  const begun = new Map<string, Promise<BuildOutcome>>()
  const turn = turns(AT_ONCE)
  let failure: BuildFailure | undefined
  const begin = async (
    build: ImageBuild,
    needed: readonly BuiltPromise[],
    registries: Registries,
  ): Promise<BuildOutcome> => {
    const references = new Map<string, string>()
    for (const { build: one, outcome } of needed) {
      const built = await outcome
      if (!built.ok) return built
      references.set(one.service, heldImage(registries, built))
    }
    return turn(async () => {
      if (failure !== undefined) return failure
      const outcome = await runBuild(registries, withBuiltContexts(build, references))
      if (!outcome.ok) failure ??= outcome
      return outcome
    })
  }
  const run = async (builds: readonly ImageBuild[], registries: Registries) => {
    const started: BuiltPromise[] = []
    for (const build of inBuildOrder(builds)) {
      const services = contextServices(build)
      const needed = started.filter((one) => services.includes(one.build.service))
      const key = JSON.stringify(build)
      const outcome = begun.get(key) ?? begin(build, needed, registries)
      begun.set(key, outcome)
      started.push({ build, outcome })
    }
    return Promise.all(
      started.map(async ({ build, outcome }) => ({ build, outcome: await outcome })),
    )
  }
  return { run }
}

interface BuiltPromise {
  build: ImageBuild
  outcome: Promise<BuildOutcome>
}

/** Runs work in the order of the calls, at most `limit` at a time. */
function turns(limit: number): <T>(work: () => Promise<T>) => Promise<T> {
  let running = 0
  const waiting: (() => void)[] = []
  return async (work) => {
    if (running === limit) await new Promise<void>((resolve) => waiting.push(resolve))
    else running += 1
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      // The turn is handed on, or given back.
      if (next === undefined) running -= 1
      else next()
    }
  }
}
