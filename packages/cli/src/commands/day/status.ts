import { type ReleaseStatus, releaseStatus, type WorkloadStatus } from '@landfall/deploy'
import type { Command } from 'commander'
import { addTarget, type TargetOptions } from '../../cluster/options.ts'
import { withCluster } from '../../cluster/with-cluster.ts'
import { type Colour, colourFor } from '../../colour.ts'
import { table } from '../../display/table.ts'
import { duration, oneLine, workloadName } from '../../display/words.ts'
import { addOutput } from '../../output/option.ts'
import { printLine } from '../../output/print-line.ts'
import { statusLine } from '../../output/status.ts'
import { addProject, type ProjectOptions } from '../../project/options.ts'
import { releaseOf } from '../../project/release.ts'
import { EXIT, type Terminal } from '../../terminal.ts'

type StatusOptions = ProjectOptions & TargetOptions

export function define(command: Command, terminal: Terminal): void {
  addOutput(
    addTarget(
      addProject(command).description(
        'Shows the state of each workload of the project, and what it waits for. Exit code 1: not everything is ready.',
      ),
    ),
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
  const found = await releaseOf(place, options, terminal)
  if (found === undefined) return EXIT.failed
  return withCluster(options, terminal, found.namespace, async ({ client, context }) => {
    const release = await releaseStatus({ client, ...found })
    if (terminal.output === 'json') printLine(statusLine(found, release), terminal)
    else if (release === undefined)
      terminal.stdout.write(
        `No release ${found.release} in namespace ${found.namespace} (context ${context}).\n`,
      )
    else terminal.stdout.write(renderStatus(release, colourFor(terminal.stdout, terminal.env)))
    return release?.state === 'current' ? EXIT.done : EXIT.failed
  })
}

const ROLES = { current: 'good', inProgress: 'warning', failed: 'error' } as const

function renderStatus(release: ReleaseStatus, colour: Colour): string {
  const head = `${release.release} in namespace ${release.namespace}, revision ${release.revision}`
  const rows = release.workloads.map((workload) => [
    workloadName(workload.object),
    `${workload.ready}/${workload.desired}`,
    workload.restarts === 0 ? '' : `${workload.restarts} restarts`,
    duration(workload.ageMs),
    colour(ROLES[workload.state], wordsOf(workload)),
  ])
  return `${head}\n\n${table(rows)}\n`
}

function wordsOf({ object, state, message }: WorkloadStatus): string {
  if (state === 'current') return object.startsWith('job/') ? 'complete' : 'ready'
  return oneLine(message)
}
