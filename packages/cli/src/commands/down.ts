import { removeRelease } from '@landfall/deploy'
import type { Command } from 'commander'
import { addTarget, type TargetOptions } from '../cluster/options.ts'
import { connectTo } from '../cluster/target.ts'
import { displayFor } from '../display/display.ts'
import { addProject, type ProjectOptions } from '../project/options.ts'
import { releaseOf } from '../project/release.ts'
import { EXIT, type Terminal } from '../terminal.ts'

interface DownOptions extends ProjectOptions, TargetOptions {
  volumes?: true
}

export function define(command: Command, terminal: Terminal): void {
  addTarget(
    addProject(command).description(
      'Removes everything that `landfall up` made, and nothing else.',
    ),
  )
    .option('--volumes', 'remove the volumes and their data as well')
    .action(async (place: string | undefined, options: DownOptions) => {
      terminal.exitCode = await down(place, options, terminal)
    })
}

async function down(
  place: string | undefined,
  options: DownOptions,
  terminal: Terminal,
): Promise<number> {
  const reference = await releaseOf(place, options, terminal)
  if (reference === undefined) return EXIT.failed
  const connection = await connectTo(options, terminal, reference.namespace)
  const display = displayFor(terminal, 'text')
  return EXIT.done
}
