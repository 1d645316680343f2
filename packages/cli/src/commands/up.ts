import { type Command, Option } from 'commander'
import { addTarget, milliseconds, positiveInteger } from '../cluster/options.ts'
import { checkTarget } from '../cluster/target.ts'
import { printBuildFailure } from '../display/build-failure.ts'
import { BuildFailed, UsageError } from '../errors.ts'
import { addOutput } from '../output/option.ts'
import { addConversion, addProject } from '../project/options.ts'
import { addSites } from '../sites/options.ts'
import { EXIT, type Terminal } from '../terminal.ts'
import type { UpOptions } from './up/options.ts'
import { upProject } from './up/up-project.ts'

export function define(command: Command, terminal: Terminal): void {
  addOutput(
    addTarget(
      addSites(addConversion(addProject(command))).description(
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
  const { site, sites, all, retry, atOnce } = options
  const isOfSites = [site, sites, all, retry, atOnce].some((one) => one !== undefined)
  if (options.bundle !== undefined) {
    if (isOfSites)
      throw new UsageError('--bundle has no sites', 'use --context and --namespace instead')
    const { upBundle } = await import('./up/up-bundle.ts')
    return upBundle(place, options.bundle, options, terminal)
  }
  if (isOfSites) {
    const { upSites } = await import('../sites/up/up-sites.ts')
    return upSites(place, options, terminal)
  }
  return upProject(place, options, terminal)
}

function checkOptions(options: UpOptions): void {
  checkTarget(options)
  const { nodes, standIns, clusterBundle, releases } = options
  const ofCluster = { nodes, 'stand-ins': standIns, 'cluster-bundle': clusterBundle, releases }
  for (const [name, value] of Object.entries(ofCluster))
    if (options.local === undefined && value !== undefined)
      throw new UsageError(`--${name} requires a local cluster`, 'add --local')
}
