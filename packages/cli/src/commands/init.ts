import { lstatSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { visibleLine } from '@landfall/diagnostic'
import { writeWhole } from '@landfall/local-cluster/write-whole'
import type { Command } from 'commander'
import { shortPath } from '../display/words.ts'
import { UsageError } from '../errors.ts'
import { firstSettings } from '../init/first-settings.ts'
import { dangerousDrops } from '../project/dangerous-drops.ts'
import { addProject, type ProjectOptions } from '../project/options.ts'
import { printDiagnostics } from '../project/print-problems.ts'
import { readAndConvert } from '../project/read.ts'
import type { Inspected } from '../tarball/inspect-file.ts'
import { isAddress, isTarball } from '../tarball/is-tarball.ts'
import type { Trial } from '../tarball/trial/trial.ts'
import { EXIT, type Terminal } from '../terminal.ts'

interface InitOptions extends ProjectOptions {
  trial?: boolean
}

export function define(command: Command, terminal: Terminal): void {
  addProject(command)
    .description(
      'Creates a landfall.yaml next to the Compose file. It lists the settings that apply to the project as comments. For a release tarball (landfall init X.tar.gz), the file is written next to it, and for the address of one into the current directory. An existing file is not changed.',
    )
    .option(
      '--trial',
      'for a tarball: start its program on this machine for two minutes at most, isolated and without a network, and suggest the ports on which it listens (Linux only)',
    )
    .action(async (place: string | undefined, options: InitOptions) => {
      terminal.exitCode = await init(place, options, terminal)
    })
}

async function init(
  place: string | undefined,
  options: InitOptions,
  terminal: Terminal,
): Promise<number> {
  const { trial = false } = options
  if (isTarball(place)) return initTarball(place, trial, terminal)
  if (trial)
    throw new UsageError('--trial is for a release tarball', 'landfall init X.tar.gz --trial')
  const { loaded, result, diagnostics, sources } = await readAndConvert(place, options, terminal)
  requireNone(loaded.projectDirectory)
  if (result === undefined || loaded.project === undefined) {
    printDiagnostics(diagnostics, sources, terminal)
    return EXIT.failed
  }
  const file = join(loaded.projectDirectory, 'landfall.yaml')
  writeWhole(file, firstSettings(result.plan, dangerousDrops(result.ledger), loaded.project))
  terminal.stdout.write(`Wrote ${shortPath(terminal.cwd, file)}.\n`)
  return EXIT.done
}

/** A landfall.yaml next to a tarball, with what was found in it. */
async function initTarball(place: string, isTrial: boolean, terminal: Terminal): Promise<number> {
  const [{ inspectFile }, { firstTarballSettings }] = await Promise.all([
    import('../tarball/inspect-file.ts'),
    import('../tarball/first-settings.ts'),
  ])
  const isUrl = isAddress(place)
  const directory = isUrl ? terminal.cwd : dirname(resolve(terminal.cwd, place))
  requireNone(directory)
  const { name, found, checksum, diagnostics } = await inspectFile(place, terminal)
  printDiagnostics(diagnostics, new Map(), terminal)
  if (found === undefined) return EXIT.failed
  const file = join(directory, 'landfall.yaml')
  const path = isUrl ? place : `./${name}`
  const trial = isTrial ? await tried(found, terminal) : undefined
  writeWhole(file, firstTarballSettings(path, found.inspection, checksum, trial))
  terminal.stdout.write(`Wrote ${shortPath(terminal.cwd, file)}.\n`)
  return EXIT.done
}

/** Starts the program of a tarball for a trial, and prints on what it listens. */
async function tried(
  { file, scan, inspection }: NonNullable<Inspected['found']>,
  { stdout, stderr }: Terminal,
): Promise<Trial> {
  const { trialRun } = await import('../tarball/trial/trial.ts')
  stderr.write('starting the program for a trial, isolated, for two minutes at most …\n')
  const trial = await trialRun(file, scan, inspection)
  for (const { port, loopback } of trial.listened)
    stdout.write(
      `listened on ${port} in a trial run${loopback ? ', for its own machine only' : ''}\n`,
    )
  if (!trial.settled)
    stdout.write('it was still starting when the time was over: there may be further ports\n')
  if (trial.listened.length === 0) {
    stdout.write('listened on no port in a trial run; its last output:\n')
    for (const line of trial.output) stdout.write(`  | ${visibleLine(line)}\n`)
  }
  return trial
}

/** Throws UsageError if there are settings already. */
function requireNone(directory: string): void {
  const there = ['landfall.yaml', 'landfall.yml'].find(
    (name) => lstatSync(join(directory, name), { throwIfNoEntry: false }) !== undefined,
  )
  if (there !== undefined)
    throw new UsageError(`${there} already exists`, 'edit it, or move it away')
}
