import { join, resolve } from 'node:path'
import {
  type AddOn,
  bundleReleases,
  type ClusterOptions,
  clusterDown,
  clusterStatus,
  missingToPrepare,
  prepareAhead,
} from '@landfall/local-cluster'
import { type Command, Option } from 'commander'
import { localOptions, requireLocal, runningLocal, startLocal } from '../cluster/local.ts'
import { positiveInteger } from '../cluster/options.ts'
import { addProvision, type ProvisionOptions, withProvision } from '../cluster/provision.ts'
import { displayFor } from '../display/display-for.ts'
import { orCommandFailed, untilInterrupted } from '../errors.ts'
import { EXIT, type Terminal } from '../terminal.ts'

interface ClusterCommandOptions extends ProvisionOptions {
  cluster?: string
  nodes?: number
  volumes?: true
  output?: string
  arch?: string
  with?: AddOn[]
}

export function define(command: Command, terminal: Terminal): void {
  command.description(
    'Manages the Kubernetes cluster that --local uses: upstream components on this Linux machine. Your kubeconfig is not changed.',
  )
  const named = (name: string, description: string): Command =>
    command
      .command(name)
      .description(description)
      .option('--cluster <name>', 'name of the local cluster')
  const run =
    (work: (options: ClusterOptions, given: ClusterCommandOptions) => Promise<void>) =>
    (given: ClusterCommandOptions): Promise<void> =>
      work(localOptions(terminal, given), given)

  addProvision(
    named('up', 'Start the cluster, with everything that ran on it before')
      .option('--nodes <number>', 'number of nodes', positiveInteger)
      .addOption(
        new Option(
          '--with <add-on...>',
          'metrics: metrics-server, for HorizontalPodAutoscalers; built from source with Go',
        ).choices(['metrics'] satisfies AddOn[]),
      ),
  ).action(
    run((options, given) =>
      up(
        withProvision(
          { ...options, ...(given.with !== undefined && { with: given.with }) },
          given,
          terminal,
        ),
        terminal,
      ),
    ),
  )
  named('bundle', 'Write a file with all binaries that a cluster needs, for `cluster up --bundle`')
    .requiredOption('-o, --output <file>', 'file to write')
    .addOption(
      new Option('--arch <architecture>', 'processor of the machine that will use it').choices([
        'amd64',
        'arm64',
      ]),
    )
    .option('--releases <file>', 'table of other releases (docs/local-cluster.md)')
    .action(
      run((options, given) => bundle(withProvision(options, given, terminal), given, terminal)),
    )
  named('down', 'Stop the cluster; `cluster up` starts it again with its workloads and volumes')
    .option('--volumes', 'also delete its state')
    .action(run((options, given) => down(options, given.volumes === true, terminal)))
  addProvision(command.command('prepare'))
    .description(
      'Build and download what a cluster needs, without starting one and without root: for images of CI machines',
    )
    .option(
      '--images <image...>',
      'also make these images from Debian and npm packages, for machines that do not reach their registry; requires root',
    )
    .action((given: ProvisionOptions & { images?: string[] }) =>
      prepareCluster(
        withProvision(localOptions(terminal, {}), given, terminal),
        given.images ?? [],
        terminal,
      ),
    )
  named('status', 'Show the state of the cluster').action(
    run((options) => status(options, terminal)),
  )
  named('kubeconfig', 'Print the path of the kubeconfig of the cluster').action(
    run(async (options) => terminal.stdout.write(`${runningLocal(options).kubeconfig}\n`)),
  )
}

async function up(options: ClusterOptions, terminal: Terminal): Promise<void> {
  const display = displayFor(terminal)
  try {
    const { kubeconfig, nodes, kubectl } = await untilInterrupted(
      terminal.interruption(),
      startLocal(options, display),
    )
    display.close()
    terminal.stdout.write(
      `The cluster ${options.name} is running with ${nodes.length} node${nodes.length === 1 ? '' : 's'}.\n\n  ${kubectl} --kubeconfig ${kubeconfig} get pods -A\n`,
    )
  } finally {
    display.close()
  }
}

/** Fills the cache; the second time there is nothing to do. */
async function prepareCluster(
  options: ClusterOptions,
  images: readonly string[],
  terminal: Terminal,
): Promise<void> {
  await requireLocal(missingToPrepare(images))
  const display = displayFor(terminal)
  try {
    const work = prepareAhead(options, images, display.progress)
    await untilInterrupted(terminal.interruption(), orCommandFailed(work))
  } finally {
    display.close()
  }
  terminal.stdout.write(
    `All that a local cluster needs is in ${options.cacheDirectory}; \`landfall cluster up\` starts one without building anything.\n`,
  )
}

async function bundle(
  options: ClusterOptions,
  { output = '', arch }: ClusterCommandOptions,
  terminal: Terminal,
): Promise<void> {
  const display = displayFor(terminal)
  try {
    const file = resolve(terminal.cwd, output)
    const checksum = await orCommandFailed(bundleReleases(file, options, display.progress, arch))
    terminal.stdout.write(`${output} is written.\n  sha256:${checksum}\n`)
  } finally {
    display.close()
  }
}

async function down(options: ClusterOptions, volumes: boolean, terminal: Terminal): Promise<void> {
  await requireLocal()
  const display = displayFor(terminal)
  try {
    await orCommandFailed(clusterDown(options, { volumes }, display.progress))
  } finally {
    display.close()
  }
  terminal.stdout.write(
    volumes
      ? `The cluster ${options.name} and its state are deleted.\n`
      : `The cluster ${options.name} is stopped; its state is in ${join(options.stateDirectory, options.name)}.\n`,
  )
}

async function status(options: ClusterOptions, terminal: Terminal): Promise<void> {
  const { name, state, directory, processes, nodes, cluster } = await clusterStatus(options)
  const lines = [`The cluster ${name} ${STATES[state]}.`]
  if (state !== 'absent') lines.push(`  state       ${directory}`)
  if (cluster !== undefined) lines.push(`  kubeconfig  ${cluster.kubeconfig}`)
  for (const node of nodes)
    lines.push(`  node        ${node.name}  ${node.address}  ${node.ready ? 'ready' : 'not ready'}`)
  for (const process of processes.filter(({ running }) => !running))
    if (state === 'degraded') lines.push(`  stopped     ${process.name}`)
  terminal.stdout.write(`${lines.join('\n')}\n`)
  if (state !== 'running') terminal.exitCode = EXIT.failed
}

const STATES = {
  absent: 'does not exist; `landfall cluster up` creates it',
  stopped: 'is stopped; `landfall cluster up` starts it again',
  running: 'is running',
  degraded: 'is running in part; `landfall cluster up` starts the rest',
}
