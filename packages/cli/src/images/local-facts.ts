import { nodeFiles } from '@landfall/compose/node'
import { type LearntImages, type Ledger, learnImages, projectAtSite } from '@landfall/convert'
import { fromPointer } from '@landfall/diagnostic'
import { type AskImage, askPlainRegistry, type ImageFacts } from '@landfall/image'
import type { Bundle } from '@landfall/kube'
import type { Cluster, ClusterOptions, ImageSource } from '@landfall/local-cluster'
import type { ProjectBuilds } from '../cluster/builds/project-builds.ts'
import { checkStandIns, provideNamed } from '../cluster/provide-local.ts'
import type { Needed } from '../cluster/start-and-build.ts'
import type { Display } from '../display/display.ts'
import { BuildFailed } from '../errors.ts'
import { dangerousDrops } from '../project/dangerous-drops.ts'
import type { ProjectOptions } from '../project/options.ts'
import {
  askUserRegistries,
  type Converted,
  chosenIn,
  convertLoaded,
  readAndConvert,
} from '../project/read.ts'
import type { Terminal } from '../terminal.ts'

/** A local cluster that may not run yet. */
export interface LocalPlace {
  options: ClusterOptions
  /** The directory of stand-ins. */
  standIns: string | undefined
  /** Loads them into the cluster, which runs; none without a directory. */
  loadStandIns(): Promise<readonly ImageSource[]>
  display: Display
  builds: ProjectBuilds
  start(needed: Needed): Promise<Cluster>
}

/**
 * Loads and converts a project for a local cluster. Metadata of images that are not in the lock file is that of the images
 * that the cluster will run: the cluster is started and the images are made for it. A project that cannot be deployed whatever
 * its images are starts nothing.
 */
export async function convertForLocal(
  place: string | undefined,
  options: ProjectOptions,
  terminal: Terminal,
  local: LocalPlace,
): Promise<Converted> {
  const first = await readAndConvert(place, { ...options, offline: true }, terminal, {
    ...{ offline: options.offline === true, time: CONTEXT_TIME },
  })
  const { images, loaded, result } = first
  if (images === undefined || loaded.project === undefined || result?.bundle === undefined)
    return first
  if (images.unread.length === 0 || isRefused(result.ledger)) return first
  if (local.standIns !== undefined) await checkStandIns(local.standIns)
  // A build can be of a stand-in, which is loaded later.
  const cluster = await (local.standIns === undefined
    ? local.start({ images: images.unread, builds: result.bundle.builds })
    : local.start({ images: [], builds: [] }))
  const standIns = await local.loadStandIns()
  const others = await provideNamed(images.unread, cluster, local.options, standIns, local.display)
  const ofCluster = new Set<string>()
  const ask = askLocal(cluster, [...standIns, ...others], ofCluster, {
    ...(options.offline !== true && { otherwise: askUserRegistries(terminal) }),
  })
  return convertWith(first, options, terminal, ask, ofCluster, async (services, bundle) => {
    for (const { outcome } of await local.builds.run(bundle.builds, cluster))
      if (!outcome.ok) throw new BuildFailed(outcome)
    return factsOfBuilt(services, bundle, cluster)
  })
}

/**
 * Loads and converts a project as `up --local` would for a local cluster that runs: metadata of images that are not in the lock
 * file is that of the images that the cluster has. Nothing is built or pulled.
 */
export async function convertForRunningLocal(
  place: string | undefined,
  options: ProjectOptions,
  terminal: Terminal,
  cluster: Pick<Cluster, 'registry' | 'packageRegistry'>,
): Promise<Converted> {
  const first = await readAndConvert(place, { ...options, offline: true }, terminal, {
    ...{ offline: options.offline === true, time: CONTEXT_TIME },
  })
  if ((first.images?.unread.length ?? 0) === 0) return first
  const places = [
    askPlainRegistry(cluster.registry),
    askPlainRegistry(cluster.packageRegistry),
    ...(options.offline === true ? [] : [askUserRegistries(terminal)]),
  ]
  const ask: AskImage = async (question) => {
    let answer: Awaited<ReturnType<AskImage>> = { ok: false, problem: 'not found' }
    for (const at of places) {
      answer = await at(question)
      if (answer.ok) break
    }
    return answer
  }
  return convertWith(first, options, terminal, ask, new Set(), (services, bundle) =>
    factsOfBuilt(services, bundle, cluster),
  )
}

/** Converts again with the metadata that `ask` has of the images, and then with that of built images, where it decides something. */
async function convertWith(
  first: Converted,
  options: ProjectOptions,
  terminal: Terminal,
  ask: AskImage,
  ofCluster: ReadonlySet<string>,
  askBuilt: (services: ReadonlySet<string>, bundle: Bundle) => Promise<Map<string, ImageFacts>>,
): Promise<Converted> {
  const { images, contexts, loaded } = first
  if (images === undefined || loaded.project === undefined) return first
  const files = nodeFiles()
  const dockerfiles = contexts?.dockerfiles ?? new Map()
  const project =
    first.site === undefined ? loaded.project : projectAtSite(loaded.project, first.site)
  const learnt = await learnImages({ project, files, dockerfiles, lock: images.lock, ask })
  const convert = (known: LearntImages) =>
    convertLoaded(loaded, terminal, files, {
      ...chosenIn(options),
      images: known,
      ...(contexts !== undefined && { contexts }),
      tellUnknown: true,
    })
  const known = forLock(learnt, images, ofCluster)
  const second = await convert(known)
  const services = ofUnknownAccounts(second)
  if (services.size === 0 || second.result?.bundle === undefined) return second
  const built = await askBuilt(services, second.result.bundle)
  if (built.size === 0) return second
  return convert({
    ...known,
    images: new Map([
      ...known.images,
      ...[...built].map(([service, facts]) => [service, { facts }] as const),
    ]),
  })
}

/** Milliseconds for each build context that is an address. */
const CONTEXT_TIME = 600_000

/** Asks the registry that the nodes pull an image from; `ofCluster` gets the images that a registry of the cluster had. */
export function askLocal(
  { registry, packageRegistry }: Pick<Cluster, 'registry' | 'packageRegistry'>,
  sources: readonly ImageSource[],
  ofCluster: Set<string>,
  { otherwise }: { otherwise?: AskImage } = {},
): AskImage {
  const own = askPlainRegistry(registry)
  const packages = askPlainRegistry(packageRegistry)
  const byImage = new Map(sources.map((source) => [source.image, source]))
  return async (question) => {
    const { from = 'missing', detail = 'not found' } = byImage.get(question.image) ?? {}
    if (from === 'upstream' || from === 'missing')
      return otherwise === undefined ? { ok: false, problem: detail } : otherwise(question)
    const answer = await (from === 'package' ? packages : own)(question)
    if (answer.ok) ofCluster.add(question.image)
    return answer
  }
}

/** Images of a cluster may be other ones than those of the registries: the lock file keeps what it had of them. */
function forLock(
  learnt: LearntImages,
  before: LearntImages,
  ofCluster: ReadonlySet<string>,
): LearntImages {
  const lock = new Map(learnt.lock)
  for (const image of ofCluster) {
    const facts = before.lock.get(image)
    if (facts === undefined) lock.delete(image)
    else lock.set(image, facts)
  }
  return { ...learnt, lock, learnt: learnt.learnt.filter((image) => !ofCluster.has(image)) }
}

const UNKNOWN_ACCOUNTS = new Set(['user/unknown-user', 'user/unknown-group'])

/** Whether drops that are not accepted stop `up` whatever the metadata of the images is. */
function isRefused(ledger: Ledger): boolean {
  return dangerousDrops(ledger, { uploads: true }).some(({ code }) => !UNKNOWN_ACCOUNTS.has(code))
}

/** The services whose users neither their Dockerfile nor their base shows. */
function ofUnknownAccounts({ result }: Converted): ReadonlySet<string> {
  return new Set(
    (result?.ledger ?? [])
      .filter(({ code }) => UNKNOWN_ACCOUNTS.has(code))
      .map(({ path }) => fromPointer(path)[1])
      .filter((service) => service !== undefined),
  )
}

/** By service: facts of the images that were built for these services and are in the registry of the cluster. */
async function factsOfBuilt(
  services: ReadonlySet<string>,
  { builds }: Bundle,
  { registry }: Pick<Cluster, 'registry'>,
): Promise<Map<string, ImageFacts>> {
  const facts = new Map<string, ImageFacts>()
  for (const { service, image } of builds) {
    if (!services.has(service)) continue
    const answer = await askPlainRegistry(registry)({ image, accounts: true })
    if (answer.ok) facts.set(service, answer.facts)
  }
  return facts
}
