import { REVISIONS_KEPT } from '@landfall/deploy'
import { type Command, Option } from 'commander'
import { addTarget, milliseconds, positiveInteger } from '../cluster/options.ts'
import { checkTarget } from '../cluster/target.ts'
import { requireAnswer } from '../cluster/with-cluster.ts'
import { printBuildFailure } from '../display/build-failure.ts'
import { displayFor } from '../display/display-for.ts'
import { BuildFailed, UsageError } from '../errors.ts'
import { keepLearnt } from '../images/keep.ts'
import { addOutput } from '../output/option.ts'
import { dangerousDrops } from '../project/dangerous-drops.ts'
import { gitState } from '../project/git-state.ts'
import { addConversion, addProject } from '../project/options.ts'
import { printProblems } from '../project/print-problems.ts'
import { type Converted, readAndConvert } from '../project/read.ts'
import { resetFilesOf } from '../project/reset-files.ts'
import { EXIT, type Terminal } from '../terminal.ts'
import { deployUntilDecided, type Session } from './up/deploy-until-decided.ts'
import type { UpOptions } from './up/options.ts'

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
          '--cluster-bundle <file>',
          'with --local: take the binaries of the cluster from a bundle (`cluster bundle`)',
        ).helpGroup('Cluster options:'),
      )
      .addOption(
        new Option(
          '--releases <file>',
          'with --local: table of other releases (docs/local-cluster.md)',
        ).helpGroup('Cluster options:'),
      )
      .addOption(
        new Option(
          '--bundle <path>',
          'deploy manifests instead of a project: a directory, a file, a kustomization or a chart (its values: -f)',
        ).helpGroup('Project options:'),
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
      .option(
        '--force-conflicts',
        'set fields again that others have changed in the cluster, and remove what they have added',
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
  if (options.bundle !== undefined) {
    const { upBundle } = await import('./up/up-bundle.ts')
    return upBundle(place, options.bundle, options, terminal)
  }
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

function checkOptions(options: UpOptions): void {
  checkTarget(options)
  const { nodes, standIns, clusterBundle, releases } = options
  const ofCluster = { nodes, 'stand-ins': standIns, 'cluster-bundle': clusterBundle, releases }
  for (const [name, value] of Object.entries(ofCluster))
    if (options.local === undefined && value !== undefined)
      throw new UsageError(`--${name} requires a local cluster`, 'add --local')
}
