import { type FileSystem, guardedFiles } from '@landfall/compose'
import { nodeFiles } from '@landfall/compose/node'
import {
  type ConvertResult,
  convertProject,
  enabledProject,
  knownSecrets,
  type LandfallFile,
  type LearntImages,
  type LoadedSite,
  learnImages,
  loadLandfallFile,
  projectAtSite,
  secretsOfChecks,
  type WantedSite,
} from '@landfall/convert'
import {
  type Diagnostic,
  hasErrors,
  type Origins,
  type Sources,
  visibleLine,
} from '@landfall/diagnostic'
import type { AskImage } from '@landfall/image'
import {
  type BuildContexts,
  type FetchContextsOptions,
  fetchContexts,
  recordedContexts,
} from '../images/build-contexts.ts'
import { readLock } from '../images/lock-file.ts'
import type { LoadedProject } from '../tarball/load.ts'
import { provideTarballs, withTarballFiles } from '../tarball/provide.ts'
import { missingFiles, settingsOfTarballs } from '../tarball/settings/settings-of-tarballs.ts'
import type { Terminal } from '../terminal.ts'
import { acceptedNote, boundaryOf } from './boundary.ts'
import { keeperProgram } from './keeper-program.ts'
import { readRunnable } from './load.ts'
import type { ProjectOptions } from './options.ts'

/** A project, its settings and what conversion made of them; what could not be reached is absent. */
export interface Converted {
  loaded: LoadedProject
  settings?: LandfallFile
  /** Whether landfall.yaml has sites. */
  hasSites?: boolean
  /** The site for which it was converted. */
  site?: LoadedSite
  /** Names of the environments of landfall.yaml. */
  environments?: readonly string[]
  /** Of landfall.yaml: where its values came from. */
  settingsOrigins?: Origins
  images?: LearntImages
  /** Build contexts that are addresses. */
  contexts?: BuildContexts
  /** Services that the lock file says have ended with exit code 0. */
  oneShots?: readonly string[]
  result?: ConvertResult
  /** Of all phases, in their order. */
  diagnostics: readonly Diagnostic[]
  sources: Sources
  /** Of the project: where its values came from. */
  origins: Origins
}

/** How build contexts that are addresses are fetched. */
interface FetchSettings {
  /** Only from the cache. */
  offline: boolean
  /** Milliseconds for each. */
  time: number
}

/** One line for people about what takes long; programs that read the output get none. */
export function progressOf({ output, stderr }: Terminal): { progress?: (line: string) => void } {
  return output === 'json'
    ? {}
    : { progress: (line) => void stderr.write(`${visibleLine(line)}\n`) }
}

/** Loads and converts, as far as the errors of each phase allow; metadata of images that are not in the lock file is read from registries. */
export async function readAndConvert(
  place: string | undefined,
  options: ProjectOptions,
  terminal: Terminal,
  fetch: FetchSettings = { offline: options.offline === true, time: LIMITS.context },
): Promise<Converted> {
  const files = nodeFiles()
  const loaded = readRunnable(place, options, terminal, files)
  return convertLoaded(loaded, terminal, files, {
    ...chosenIn(options),
    ...(options.offline !== true && { ask: askUserRegistries(terminal) }),
    fetch: { ...fetch, env: terminal.env },
    ...progressOf(terminal),
    tellUnknown: true,
  })
}

const MIB = 1024 ** 2

/** Milliseconds: short, so that a missing network or large layers do not hold up a command; `landfall lock` waits longer. */
const LIMITS = {
  patience: 1_500,
  transfer: 30_000,
  context: 60_000,
  limits: {
    image: { received: 512 * MIB, unpacked: 2048 * MIB, milliseconds: 30_000 },
    run: { received: 2048 * MIB, unpacked: 4096 * MIB, milliseconds: 60_000 },
  },
}

/** Reads metadata of images from the registries of their names, and of those that no registry has from a container engine of this machine. The code for it is loaded when the first image is not in the lock file. */
export function askUserRegistries({ env }: Terminal): AskImage {
  let ask: Promise<AskImage> | undefined
  return async (question) => {
    ask ??= openUserRegistries(env)
    return (await ask)(question)
  }
}

async function openUserRegistries(env: Terminal['env']): Promise<AskImage> {
  const [{ userRegistries }, { orLocalEngine }] = await Promise.all([
    import('../images/registries.ts'),
    import('../images/local-engine.ts'),
  ])
  return orLocalEngine(userRegistries(env, LIMITS), env)
}

interface ConversionOptions {
  /** Of `landfall.yaml`. */
  environment?: string
  /** One of `landfall.yaml`. */
  site?: WantedSite
  /** Reads the metadata of images that are not in the lock file. */
  ask?: AskImage
  /** Whether a diagnostic names the images of which nothing is known. */
  tellUnknown?: boolean
  /** Image metadata that is used instead of the lock file and `ask`. */
  images?: LearntImages
  /** How build contexts are fetched; what the lock file has of them is used if omitted. */
  fetch?: FetchSettings & Pick<FetchContextsOptions, 'env'>
  /** Gets one line for each download that takes longer than a moment. */
  progress?: (line: string) => void
  /** Build contexts that are known already. */
  contexts?: BuildContexts
  /** Services that have exited with code 0, in addition to those of the lock file. */
  oneShots?: readonly string[]
}

/** The environment and the site of landfall.yaml that options mean: what every conversion has to know. */
export function chosenIn({
  environment,
  site,
  reachedAt,
  requireAddresses,
}: ProjectOptions): Pick<ConversionOptions, 'environment' | 'site'> {
  const unknownAddress = requireAddresses ? 'error' : 'warning'
  return {
    ...(environment !== undefined && { environment }),
    ...(site !== undefined && {
      site: { name: site, unknownAddress, ...(reachedAt && { reachedAt }) },
    }),
  }
}

/** Converts what was converted before for one of its environments, at the same site. */
export function convertEnvironment(
  { loaded, contexts }: Converted,
  environment: string,
  options: ProjectOptions,
  terminal: Terminal,
): Promise<Converted> {
  const { offline } = options
  return convertLoaded(loaded, terminal, nodeFiles(), {
    ...chosenIn({ ...options, environment }),
    ...(contexts !== undefined && { contexts }),
    ...(offline !== true && { ask: askUserRegistries(terminal) }),
  })
}

/** Converts again what was converted before, now that programs of these services have ended with exit code 0. */
export function convertAgain(
  { loaded, images, contexts }: Converted,
  oneShots: readonly string[],
  options: ProjectOptions,
  terminal: Terminal,
): Promise<Converted> {
  return convertLoaded(loaded, terminal, nodeFiles(), {
    oneShots,
    ...chosenIn(options),
    ...(images !== undefined && { images }),
    ...(contexts !== undefined && { contexts }),
  })
}

/** Converts what was loaded, as far as its errors allow; from then on the terminal does not show the secrets of the project. */
export async function convertLoaded(
  loaded: LoadedProject,
  { cwd, env, mask }: Pick<Terminal, 'cwd' | 'env' | 'mask'>,
  host: FileSystem,
  {
    environment,
    site,
    ask,
    fetch,
    progress,
    tellUnknown = false,
    ...known
  }: ConversionOptions = {},
): Promise<Converted> {
  const { origins, projectDirectory, shownFrom } = loaded
  let { project } = loaded
  if (project !== undefined) mask.learn(knownSecrets(project, undefined, loaded.environment))
  if (project === undefined || hasErrors(loaded.diagnostics))
    return { loaded, diagnostics: loaded.diagnostics, sources: loaded.sources, origins }
  const machine = withTarballFiles(host, loaded)
  const boundary = boundaryOf(loaded.trusted, machine, env, true)
  const ofTarballs = await provideTarballs(loaded, boundary, {
    env,
    offline: fetch?.offline === true,
    ...(progress !== undefined && { progress }),
  })
  const files = guardedFiles(machine, boundary.outside)
  const read = loadLandfallFile({
    files,
    projectDirectory,
    project,
    projectOrigins: origins,
    inactive: loaded.inactiveServices,
    ...(environment === undefined ? {} : { environment }),
    ...(site && { site }),
    variables: loaded.environment,
  })
  const placed = settingsOfTarballs(read.settings, read.origins, loaded)
  const settings = { ...read, settings: placed.settings, origins: placed.origins }
  mask.learn(knownSecrets(project, settings.settings.secrets, loaded.environment))
  mask.learn(
    secretsOfChecks(settings.settings, {
      settingsOrigins: settings.origins,
      environment: loaded.environment,
    }),
  )
  const { lock, diagnostics: ofLock, ...ofUp } = readLock(projectDirectory, cwd, files)
  const sources: Sources = new Map([...loaded.sources, ...settings.sources])
  if (ofTarballs.length === 0) ofTarballs.push(...missingFiles(host, loaded))
  const ofSettings = [...read.diagnostics, ...placed.diagnostics, ...ofTarballs]
  const before = [...loaded.diagnostics, ...ofSettings, ...ofLock]
  const { hasSites } = settings
  if (hasErrors(before)) return { loaded, hasSites, diagnostics: before, sources, origins }
  if (settings.site !== undefined) project = projectAtSite(project, settings.site)
  const enabled = enabledProject(project, settings.settings)
  const contexts =
    known.contexts ??
    (fetch === undefined
      ? recordedContexts(enabled, ofUp.contexts)
      : await fetchContexts(enabled, ofUp.contexts, {
          ...fetch,
          ...(progress !== undefined && { progress }),
        }))
  const { dockerfiles } = contexts
  const images =
    known.images ??
    (await learnImages({ project: enabled, files, dockerfiles, lock, ...(ask && { ask }) }))
  const oneShots = [...new Set([...ofUp.oneShots, ...(known.oneShots ?? [])])].sort()
  const result = convertProject({
    project,
    origins,
    projectDirectory,
    filesDirectory: loaded.filesDirectory,
    shownFrom,
    files,
    refused: files.refused,
    sources: loaded.sources,
    settings: settings.settings,
    settingsOrigins: settings.origins,
    settingsSources: sources,
    environment: loaded.environment,
    profiles: loaded.profiles,
    images: images.images,
    contexts: contexts.revisions,
    oneShots: new Set(oneShots),
    keeperProgram,
    ...(settings.site && { elsewhere: settings.site.elsewhere }),
  })
  return {
    loaded,
    settings: settings.settings,
    hasSites,
    ...(settings.site && { site: settings.site }),
    environments: settings.environments,
    settingsOrigins: settings.origins,
    images,
    contexts,
    oneShots,
    result,
    diagnostics: [
      ...before,
      ...(tellUnknown ? [...contexts.diagnostics, ...images.diagnostics] : []),
      ...result.diagnostics,
      ...acceptedNote(boundary, before),
    ],
    sources,
    origins,
  }
}
