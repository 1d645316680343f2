import { changesInWords, type Revision, releaseHistory } from '@landfall/deploy'
import type { Command } from 'commander'
import { addTarget, type TargetOptions } from '../../cluster/options.ts'
import { withCluster } from '../../cluster/with-cluster.ts'
import { type Colour, colourFor } from '../../colour.ts'
import { table } from '../../display/table.ts'
import { oneLine, workloadName } from '../../display/words.ts'
import { historyLine, timeOf } from '../../output/history.ts'
import { addOutput } from '../../output/option.ts'
import { printLine } from '../../output/print-line.ts'
import { addProject, type ProjectOptions } from '../../project/options.ts'
import { releaseOf } from '../../project/release.ts'
import { EXIT, type Terminal } from '../../terminal.ts'
import { holderOf } from './holder.ts'

type HistoryOptions = ProjectOptions & TargetOptions

export function define(command: Command, terminal: Terminal): void {
  addOutput(
    addTarget(
      addProject(command).description(
        'Shows the revisions of the project that are kept in the cluster: when, by whom, what changed, and the verdict.',
      ),
    ),
    terminal,
  ).action(async (place: string | undefined, options: HistoryOptions) => {
    terminal.exitCode = await history(place, options, terminal)
  })
}

async function history(
  place: string | undefined,
  options: HistoryOptions,
  terminal: Terminal,
): Promise<number> {
  const found = await releaseOf(place, options, terminal)
  if (found === undefined) return EXIT.failed
  return withCluster(options, terminal, found.namespace, async ({ client }) => {
    const { hasEnded } = holderOf('history')
    const revisions = await releaseHistory({ client, ...found, hasEnded })
    const { stdout, env } = terminal
    if (terminal.output === 'json') printLine(historyLine(found, revisions), terminal)
    else if (revisions.length === 0)
      stdout.write(`No revision of ${found.release} in namespace ${found.namespace}.\n`)
    else stdout.write(renderHistory(revisions, colourFor(stdout, env)))
    return revisions.length > 0 ? EXIT.done : EXIT.failed
  })
}

const ROLES = {
  ready: 'good',
  deploying: 'warning',
  interrupted: 'warning',
  failed: 'error',
} as const

function renderHistory(revisions: readonly Revision[], colour: Colour): string {
  return `${table(
    [...revisions]
      .reverse()
      .map((revision) => [
        String(revision.number),
        timeOf(revision.at).slice(0, 19).replace('T', ' '),
        colour(ROLES[revision.state], verdictOf(revision)),
        revision.of === undefined ? changesInWords(revision.changes) : `back to ${revision.of}`,
        oneLine(revision.by),
        oneLine(revision.note ?? ''),
      ]),
  )}\n`
}

function verdictOf({ state, failure }: Revision): string {
  if (failure === undefined || state !== 'failed') return state
  return `failed: ${workloadName(failure.object)}, ${oneLine(failure.reason)}`
}
