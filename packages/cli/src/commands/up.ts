import { GATE_IMAGE } from '@landfall/convert'
import {
  type DeployOptions,
  deployRelease,
  REVISIONS_KEPT,
  type ReachPort,
  type RevisionNote,
  type Verdict,
} from '@landfall/deploy'
import { fromPointer } from '@landfall/diagnostic'
import { type Bundle, resolveBundle } from '@landfall/kube'
import type { BuildFailure, ImageSource } from '@landfall/local-cluster'
import { type Command, Option } from 'commander'
import { probeAddress } from '../cluster/address.ts'
import type { LocalRun } from '../cluster/local-run.ts'
import { addTarget, milliseconds, positiveInteger, type TargetOptions } from '../cluster/options.ts'
import type { Provided } from '../cluster/provide-local.ts'
import { requirePreflight } from '../cluster/require-preflight.ts'
import { checkTarget, connectTo } from '../cluster/target.ts'
import { requireAnswer } from '../cluster/with-cluster.ts'
import { colourFor } from '../colour.ts'
import { printBuildFailure } from '../display/build-failure.ts'
import type { Display } from '../display/display.ts'
import { displayFor } from '../display/display-for.ts'
import { renderVerdict } from '../display/verdict.ts'
import { BuildFailed, UsageError } from '../errors.ts'
import type { ForeignCluster } from '../foreign/inspect-cluster.ts'
import { keepLearnt, rememberOneShots } from '../images/keep.ts'
import { verdictLine } from '../output/deploy-event.ts'
import { addOutput } from '../output/option.ts'
import { printLine } from '../output/print-line.ts'
import { dangerousDrops } from '../project/dangerous-drops.ts'
import { gitState } from '../project/git-state.ts'
import { addConversion, addProject, type ProjectOptions } from '../project/options.ts'
import { printProblems } from '../project/print-problems.ts'
import { type Converted, convertAgain, readAndConvert } from '../project/read.ts'
import { resetFilesOf } from '../project/reset-files.ts'
import { EXIT, type Terminal } from '../terminal.ts'
import { version } from '../version.ts'
import { holderOf } from './release/holder.ts'

interface UpOptions extends ProjectOptions, TargetOptions {
  nodes?: number
  standIns?: string
  bundle?: string
  releases?: string
  registry?: string
  resetFiles?: string[]
  timeout?: number
  keep?: true
  note?: string
}

export function define(command: Command, terminal: Terminal): void {
  addOutput(
    addTarget(
      addConversion(addProject(command)).description(
        'Deploys the project, waits until it works, and prints its addresses; or reports the first failure and its cause.',
      ),
    )
      .addOption(
        new Option('--nodes <number>', 'with --local: number of nodes')
          .argParser(positiveInteger)
          .helpGroup('Cluster options:'),
      )
      .addOption(
        new Option(
          '--stand-ins <dir>',
          'with --local: replace images by the stand-ins in this directory',
        ).helpGroup('Cluster options:'),
      )
      .addOption(
        new Option(
          '--bundle <file>',
          'with --local: take the binaries of the cluster from a bundle (`cluster bundle`)',
        ).helpGroup('Cluster options:'),
      )
      .addOption(
        new Option(
          '--releases <file>',
          'with --local: table of other releases (docs/local-cluster.md)',
        ).helpGroup('Cluster options:'),
      )
      .option(
        '--registry <host/path>',
        'registry for the images that the project builds (if omitted, they are loaded in the way of the cluster: kind load, minikube image load, …)',
      )
      .option(
        '--reset-files <path>',
        'take the files of the project for this bound path again, also where a program has changed them (repeatable)',
        (path: string, paths: string[] = []) => [...paths, path],
      )
      .option(
        '--keep',
        'leave a revision that has failed as it is, instead of going back to the last one that was ready',
      )
      .option('--note <text>', 'recorded with the revision, for `landfall history`')
      .option(
        '--timeout <time>',
        'fail if it is not ready after this time (90s, 2m30s, 1h)',
        milliseconds,
      ),
    terminal,
  )
    .addHelpText(
      'after',
      `
Run it again after a change: objects that did not change are not touched. A revision that fails is replaced by the last one
that was ready. \`landfall history\` lists the revisions, \`landfall down\` deletes everything.
--local requires Linux and root; it does not change your kubeconfig.`,
    )
    .action(async (place: string | undefined, options: UpOptions) => {
      terminal.exitCode = await up(place, options, terminal).catch((error) => {
        if (!(error instanceof BuildFailed)) throw error
        printBuildFailure(error.failure, terminal)
        return EXIT.failed
      })
    })
}

async function up(
  place: string | undefined,
  options: UpOptions,
  terminal: Terminal,
): Promise<number> {
  checkOptions(options)
  const local =
    options.local === undefined
      ? undefined
      : (await import('../cluster/local-run.ts')).localRun(options, terminal)
  const answer = local === undefined ? settled(requireAnswer(options, terminal)) : undefined
  const converted = await (local === undefined
    ? readAndConvert(place, options, terminal)
    : local.convert(place))
  // A person without a cluster learns it first, unless the project cannot be deployed at all.
  if (isDeployable(converted)) await answer?.()
  const drops = printProblems(converted, terminal, { uploads: true })
  const bundle = converted.result?.bundle
  if (bundle === undefined) return EXIT.failed
  if (drops.length > 0) return EXIT.dangerousDrop
  const git = await gitState(converted.loaded.projectDirectory, terminal.env)
  keepLearnt(converted, terminal)

  const resetFiles =
    options.resetFiles &&
    resetFilesOf(options.resetFiles, bundle, {
      projectDirectory: converted.loaded.projectDirectory,
      cwd: terminal.cwd,
    })
  const display = displayFor(terminal)
  const session: Session = {
    options,
    terminal,
    display,
    signal: terminal.interruption(),
    local,
    ...(resetFiles && { resetFiles }),
    ...(git && { git }),
    history: converted.settings?.history ?? REVISIONS_KEPT,
  }
  try {
    return await deployUntilDecided(session, converted, bundle)
  } finally {
    display.close()
  }
}

/** Whether nothing of the project stops `up`: it has a bundle, and no drops that are dangerous and not accepted. */
function isDeployable({ result }: Converted): boolean {
  return (
    result?.bundle !== undefined && dangerousDrops(result.ledger, { uploads: true }).length === 0
  )
}

/** The outcome of work that is waited for later, or never. */
function settled<T>(work: Promise<T>): () => Promise<T> {
  work.catch(() => {})
  return () => work
}

/** What stays the same from one deploy of a run to the next. */
interface Session {
  options: UpOptions
  terminal: Terminal
  display: Display
  signal: AbortSignal
  local: LocalRun | undefined
  /** The same in every deploy of the run, so that it happens once. */
  resetFiles?: DeployOptions['resetFiles']
  /** Where the working tree of the project was at the start. */
  git?: RevisionNote['git']
  /** How many revisions are kept. */
  history: number
}

/**
 * Deploys, and once more as a Job what turned out to be a one-shot: a program that ended well and that its restart
 * policy leaves ended. Each round makes at least one Job more, so there are as many as services at most.
 */
async function deployUntilDecided(
  session: Session,
  converted: Converted,
  bundle: Bundle,
): Promise<number> {
  const { options, terminal, display } = session
  const checkImage = converted.settings?.gate?.image ?? GATE_IMAGE
  const deployed = await deployOnce(session, bundle, checkImage)
  if (!deployed.ok) {
    display.close()
    printBuildFailure(deployed.failure, terminal)
    return EXIT.failed
  }
  const { verdict, images } = deployed
  const completed = (verdict.failure?.completed ?? []).map(serviceOf)
  const known = [...(converted.oneShots ?? []), ...completed]
  const again =
    completed.length === 0 ? undefined : await convertAgain(converted, known, options, terminal)
  if (again?.result?.bundle !== undefined) {
    display.say(
      `${completed.join(', ')} exited with code 0: ${completed.length === 1 ? 'a one-shot that runs as a Job' : 'one-shots that run as Jobs'} from now on`,
    )
    rememberOneShots(converted, completed, terminal)
    return deployUntilDecided(session, again, again.result.bundle)
  }
  display.close()
  printVerdict(verdict, images, converted, terminal)
  return verdict.state === 'ready' ? EXIT.done : EXIT.failed
}

/** The key of a service, of `compose.yaml#/services/w`. */
function serviceOf(source: string): string {
  return fromPointer(source.slice(source.indexOf('#') + 1))[1] ?? ''
}

async function deployOnce(
  { options, terminal, display, signal, local, resetFiles, git, history }: Session,
  bundle: Bundle,
  checkImage: string,
): Promise<
  | { ok: true; verdict: Verdict; images: readonly ImageSource[] }
  | { ok: false; failure: BuildFailure }
> {
  const provided: Provided & { reachPort?: ReachPort } = await (local === undefined
    ? provideRemote(bundle, options, terminal, display)
    : local.provide(bundle, checkImage, display))
  if (!provided.ok) return provided
  for (const { image, from, detail } of provided.images)
    if (from === 'missing') display.say(`warning: image ${image} not found: ${detail}`)
  const namespace = options.namespace ?? bundle.name
  const connection = await connectTo(options, terminal, namespace)
  try {
    const objects = [...resolveBundle(provided.bundle).values()]
    await requirePreflight({ client: connection.client, objects, namespace })
    const verdict = await deployRelease({
      client: connection.client,
      objects,
      release: bundle.name,
      namespace,
      onEvent: display.deploy,
      signal,
      probeAddress,
      checkImage,
      checks: { image: checkImage, checks: bundle.checks },
      uploads: bundle.uploads,
      holder: holderOf('up'),
      keep: options.keep === true,
      note: {
        version,
        ...(options.environment !== undefined && { environment: options.environment }),
        ...(options.note !== undefined && { note: options.note }),
        ...(git && { git }),
      },
      history,
      ...(resetFiles && { resetFiles }),
      ...(provided.reachPort && { reachPort: provided.reachPort }),
      ...(options.timeout !== undefined && { timeoutMs: options.timeout }),
    })
    return { ok: true, verdict, images: provided.images }
  } finally {
    await connection.close()
  }
}

function checkOptions(options: UpOptions): void {
  checkTarget(options)
  const { nodes, standIns, bundle, releases } = options
  for (const [name, value] of Object.entries({ nodes, 'stand-ins': standIns, bundle, releases }))
    if (options.local === undefined && value !== undefined)
      throw new UsageError(`--${name} requires a local cluster`, 'add --local')
}

async function provideRemote(
  bundle: Bundle,
  options: UpOptions,
  terminal: Terminal,
  display: Display,
): Promise<Provided & { reachPort?: ReachPort }> {
  const { inspectCluster, requireCluster } = await import('../foreign/inspect-cluster.ts')
  const namespace = options.namespace ?? bundle.name
  // Read before anything is built: a person with a cluster that lacks something learns it at once.
  const connection = await connectTo(options, terminal, namespace)
  try {
    const found = await inspectCluster(connection, namespace)
    const objects = [...resolveBundle(bundle).values()]
    await requireCluster(found, objects, connection, namespace, display)
    const provided = await provideBuilds(bundle, found, options, terminal, display)
    if (!provided.ok) return provided
    const { reachThrough } = await import('../foreign/addresses/reach-through.ts')
    return { ...provided, reachPort: await reachThrough(found, terminal) }
  } finally {
    await connection.close()
  }
}

async function provideBuilds(
  bundle: Bundle,
  found: ForeignCluster,
  { registry }: UpOptions,
  terminal: Terminal,
  display: Display,
): Promise<Provided> {
  if (bundle.builds.length === 0) return { ok: true, bundle, images: [] }
  if (registry === undefined) {
    const { provideForeign } = await import('../foreign/provide-foreign.ts')
    return provideForeign(bundle, found, terminal, display)
  }
  const [{ provideByRegistry }, { buildPlatform }] = await Promise.all([
    import('../cluster/provide-by-registry.ts'),
    import('../foreign/images/way.ts'),
  ])
  const nodes = buildPlatform(found.facts, process.arch)
  return provideByRegistry(bundle, { registry, nodes }, terminal, display)
}

function printVerdict(
  verdict: Verdict,
  images: readonly ImageSource[],
  { origins, settingsOrigins, sources }: Converted,
  terminal: Terminal,
): void {
  const { stdout, env } = terminal
  if (terminal.output === 'json') printLine(verdictLine(verdict, images), terminal)
  else {
    const project = { origins, sources, ...(settingsOrigins && { settingsOrigins }) }
    stdout.write(renderVerdict(verdict, images, project, colourFor(stdout, env)))
  }
}
