import { connectionsOf } from '@landfall/deploy'
import { type Bundle, imagesOf } from '@landfall/kube'
import type { Cluster, ClusterOptions, ImageSource } from '@landfall/local-cluster'
import type { Display } from '../display/display.ts'
import { displayFor } from '../display/display-for.ts'
import { untilInterrupted } from '../errors.ts'
import { convertForLocal } from '../images/local-facts.ts'
import type { ProjectOptions } from '../project/options.ts'
import type { Converted } from '../project/read.ts'
import type { Terminal } from '../terminal.ts'
import { projectBuilds } from './builds/project-builds.ts'
import { localOptions, runningLocal } from './local.ts'
import { checkStandIns, type Provided, provideLocal, provideStandIns } from './provide-local.ts'
import { type ProvisionOptions, withProvision } from './provision.ts'
import { startAndBuild } from './start-and-build.ts'

/** What a run of `up --local` does on its cluster. */
export interface LocalRun {
  /** Loads and converts the project; the cluster is started for its image metadata if an image is not in the lock file. */
  convert(place: string | undefined): Promise<Converted>
  /** Starts the cluster and makes it able to pull all images of the bundle; `checkImage` is that of connection tests. */
  provide(bundle: Bundle, checkImage: string, display: Display): Promise<Provided>
}

interface LocalRunOptions extends ProjectOptions, Pick<ProvisionOptions, 'releases'> {
  /** A file with the binaries of the cluster. */
  clusterBundle?: string
  cluster?: string
  nodes?: number
  standIns?: string
}

/** A run of `up --local`, in which the cluster is started, stand-ins are loaded and each image is built once. Its functions throw an AbortError when the user interrupts them. */
export function localRun(options: LocalRunOptions, terminal: Terminal): LocalRun {
  const { standIns, clusterBundle, releases } = options
  const provision = {
    ...(clusterBundle !== undefined && { bundle: clusterBundle }),
    ...(releases !== undefined && { releases }),
  }
  const cluster = withProvision(localOptions(terminal, options), provision, terminal)
  let current: Display | undefined
  const builds = projectBuilds(cluster, (event) => current?.progress(event))
  let started: Promise<Cluster> | undefined
  const start = (display: Display, needed: Parameters<typeof startAndBuild>[3]) => {
    current = display
    started ??= startAndBuild(cluster, display, builds, needed)
    return started
  }
  let loaded: Promise<readonly ImageSource[]> | undefined
  const load = async () => {
    if (standIns === undefined) return []
    loaded ??= provideStandIns(cluster, standIns, (event) => current?.progress(event))
    return loaded
  }
  const convert = async (place: string | undefined) => {
    const display = displayFor(terminal)
    try {
      const converted = convertForLocal(place, options, terminal, {
        ...{ options: cluster, standIns, loadStandIns: load, display, builds },
        start: (needed) => start(display, needed),
      })
      return await untilInterrupted(terminal.interruption(), converted)
    } finally {
      display.close()
    }
  }
  const provide = async (bundle: Bundle, checkImage: string, display: Display) => {
    if (standIns !== undefined) await checkStandIns(standIns)
    const built = new Set(bundle.builds.map(({ image }) => image))
    const named = imagesOf(bundle).filter((image) => !built.has(image))
    // A build can be of a stand-in, which is loaded later.
    const needed =
      standIns === undefined ? { images: named, builds: bundle.builds } : { images: [], builds: [] }
    const work = async () => {
      const running = await start(display, needed)
      const more = testImages(bundle, checkImage)
      return provideLocal(bundle, more, running, cluster, await load(), builds, display)
    }
    return untilInterrupted(terminal.interruption(), work())
  }
  return { convert, provide }
}

/** Makes a local cluster that runs able to pull all images of a bundle, also those that the project builds. */
export function provideRunning(
  options: ClusterOptions,
  { bundle, checkImage }: { bundle: Bundle; checkImage: string },
  terminal: Terminal,
  display: Display,
): Promise<Provided> {
  const builds = projectBuilds(options, display.progress)
  const more = testImages(bundle, checkImage)
  const cluster = runningLocal(options)
  return untilInterrupted(
    terminal.interruption(),
    provideLocal(bundle, more, cluster, options, [], builds, display),
  )
}

/** The image of connection tests, if the bundle has some. */
function testImages(bundle: Bundle, image: string): string[] {
  const tested = bundle.checks.length > 0 || connectionsOf([...bundle.objects.values()]).length > 0
  return tested ? [image] : []
}
