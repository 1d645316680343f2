import { lstatSync } from 'node:fs'
import { join } from 'node:path'
import { writeWhole } from '@landfall/local-cluster/write-whole'
import type { Command } from 'commander'
import { shortPath } from '../display/words.ts'
import { UsageError } from '../errors.ts'
import { firstSettings } from '../init/first-settings.ts'
import { dangerousDrops } from '../project/dangerous-drops.ts'
import { addProject, type ProjectOptions } from '../project/options.ts'
import { printDiagnostics } from '../project/print-problems.ts'
import { readAndConvert } from '../project/read.ts'
import { EXIT, type Terminal } from '../terminal.ts'

export function define(command: Command, terminal: Terminal): void {
  addProject(command)
    .description(
      'Creates a landfall.yaml next to the Compose file. It lists the settings that apply to the project as comments. An existing file is not changed.',
    )
    .action(async (place: string | undefined, options: ProjectOptions) => {
      terminal.exitCode = await init(place, options, terminal)
    })
}

async function init(
  place: string | undefined,
  options: ProjectOptions,
  terminal: Terminal,
): Promise<number> {
  const { loaded, result, diagnostics, sources } = await readAndConvert(place, options, terminal)
  const there = ['landfall.yaml', 'landfall.yml'].find(
    (name) =>
      lstatSync(join(loaded.projectDirectory, name), { throwIfNoEntry: false }) !== undefined,
  )
  if (there !== undefined)
    throw new UsageError(`${there} already exists`, 'edit it, or move it away')
  if (result === undefined || loaded.project === undefined) {
    printDiagnostics(diagnostics, sources, terminal)
    return EXIT.failed
  }
  const file = join(loaded.projectDirectory, 'landfall.yaml')
  writeWhole(file, firstSettings(result.plan, dangerousDrops(result.ledger), loaded.project))
  terminal.stdout.write(`Wrote ${shortPath(terminal.cwd, file)}.\n`)
  return EXIT.done
}
