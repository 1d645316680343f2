import { type ReleaseStatus, releaseStatus } from '@landfall/deploy'
import type { Command } from 'commander'
import { addTarget, type TargetOptions } from '../../cluster/options.ts'
import { withCluster } from '../../cluster/with-cluster.ts'
import { colourFor } from '../../colour.ts'
import { renderStatus, renderTree } from '../../display/status.ts'
import { statusLine } from '../../output/day/status.ts'
import { addOutput } from '../../output/option.ts'
import { printLine } from '../../output/print-line.ts'
import { addProject, type ProjectOptions } from '../../project/options.ts'
import { type ReleasePlace, releaseOf } from '../../project/release.ts'
import { EXIT, type Terminal } from '../../terminal.ts'
import { watchStatus } from './watch-status.ts'

interface StatusOptions extends ProjectOptions, TargetOptions {
  watch?: true
  tree?: true
  sites?: string | true
  all?: true
}

export function define(command: Command, terminal: Terminal): void {
  addOutput(
    addTarget(
      addProject(command).description(
        'Shows the state of each workload of the project, and what it waits for. Exit code 1: not everything is ready.',
      ),
    )
      .option('-w, --watch', 'keep showing it, until Ctrl-C')
      .option('--tree', 'below each workload those that it waits for before it starts')
      .option('--sites [names]', "one line for each site, or for some: --sites 'cloud,edge-*'")
      .option('--all', 'the same as --sites'),
    terminal,
  ).action(async (place: string | undefined, options: StatusOptions) => {
    terminal.exitCode = await status(place, options, terminal)
  })
}

async function status(
  place: string | undefined,
  options: StatusOptions,
  terminal: Terminal,
): Promise<number> {
  const sites = options.sites ?? options.all
  if (sites !== undefined) {
    const { statusOfSites } = await import('../../sites/status-sites.ts')
    return statusOfSites(place, { ...options, sites }, terminal)
  }
  const found = await releaseOf(place, options, terminal)
  if (found === undefined) return EXIT.failed
  const waits = options.tree ? { waits: true } : {}
  return withCluster(options, terminal, found.namespace, async ({ client, context }) => {
    const read = (signal?: AbortSignal) =>
      releaseStatus({ client, ...found, ...waits, ...(signal && { signal }) })
    if (options.watch) {
      const render = (release: ReleaseStatus | undefined) =>
        textOf(release, found, context, options, terminal)
      await watchStatus({ read, render, line: (release) => statusLine(found, release) }, terminal)
      return EXIT.interrupted
    }
    const release = await read()
    if (terminal.output === 'json') printLine(statusLine(found, release), terminal)
    else terminal.stdout.write(textOf(release, found, context, options, terminal))
    return release?.state === 'current' ? EXIT.done : EXIT.failed
  })
}

function textOf(
  release: ReleaseStatus | undefined,
  { release: name, namespace }: ReleasePlace,
  context: string,
  { tree }: StatusOptions,
  { stdout, env }: Terminal,
): string {
  if (release === undefined)
    return `No release ${name} in namespace ${namespace} (context ${context}).\n`
  const colour = colourFor(stdout, env)
  return tree ? renderTree(release, colour) : renderStatus(release, colour)
}
