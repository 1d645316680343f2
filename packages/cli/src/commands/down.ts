import { type DownReport, downRelease } from '@landfall/deploy'
import type { Command } from 'commander'
import { addTarget, type TargetOptions } from '../cluster/options.ts'
import { withCluster } from '../cluster/with-cluster.ts'
import { displayFor } from '../display/display-for.ts'
import { addProject, type ProjectOptions } from '../project/options.ts'
import { type ReleasePlace, releaseOf } from '../project/release.ts'
import { EXIT, type Terminal } from '../terminal.ts'
import { holderOf } from './release/holder.ts'

interface DownOptions extends ProjectOptions, TargetOptions {
  volumes?: true
}

export function define(command: Command, terminal: Terminal): void {
  addTarget(
    addProject(command).description(
      'Deletes the objects that `landfall up` created, and nothing else.',
    ),
  )
    .option('--volumes', 'also delete the volumes and their data')
    .action(async (place: string | undefined, options: DownOptions) => {
      terminal.exitCode = await down(place, options, terminal)
    })
}

async function down(
  place: string | undefined,
  options: DownOptions,
  terminal: Terminal,
): Promise<number> {
  const found = await releaseOf(place, options, terminal)
  if (found === undefined) return EXIT.failed
  const display = displayFor(terminal)
  try {
    const report = await withCluster(options, terminal, found.namespace, ({ client }) =>
      downRelease({
        client,
        ...found,
        volumes: options.volumes === true,
        onEvent: display.deploy,
        holder: holderOf('down'),
        signal: terminal.interruption(),
      }),
    )
    display.close()
    terminal.stdout.write(`${describe(report, found).join('\n')}\n`)
    if (report.undeleted.length === 0) return EXIT.done
    terminal.stderr.write(`${stillThere(report.undeleted).join('\n')}\n`)
    return EXIT.failed
  } finally {
    display.close()
  }
}

function describe(
  { deleted, kept, undeleted, namespace, left }: DownReport,
  { release, namespace: name }: ReleasePlace,
): string[] {
  if (deleted.length === 0 && kept.length === 0 && undeleted.length === 0)
    return [`No release ${release} in namespace ${name}.`]
  const also = namespace === 'deleted' ? ` and namespace ${name}` : ''
  const lines = [
    `Deleted ${deleted.length} ${deleted.length === 1 ? 'object' : 'objects'} of ${release}${also}.`,
  ]
  if (kept.length > 0)
    lines.push(`Kept with their data (--volumes deletes them): ${names(kept, kept.length)}`)
  const foreign = left.filter((object) => !kept.includes(object))
  if (namespace === 'inUse' && foreign.length > 0)
    lines.push(`Namespace not deleted, because it contains other objects: ${names(foreign, 5)}`)
  return lines
}

const MOST_LISTED = 10

/** What is still being deleted, and what keeps each. */
function stillThere(undeleted: DownReport['undeleted']): string[] {
  const more = undeleted.length - MOST_LISTED
  return [
    'Not deleted yet, and nothing more was deleted for two minutes:',
    ...undeleted.slice(0, MOST_LISTED).map(({ object, by }) => `  ${object}: ${by}`),
    ...(more > 0 ? [`  and ${more} more`] : []),
    'Run `landfall down` again when they are gone: it deletes the rest.',
  ]
}

function names(objects: readonly string[], limit: number): string {
  const more = objects.length > limit ? ` and ${objects.length - limit} more` : ''
  return `${objects.slice(0, limit).join(', ')}${more}`
}
