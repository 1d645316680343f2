import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { countOutcomes, emitManifests, type Ledger } from '@landfall/convert'
import type { Sources } from '@landfall/diagnostic'
import type { Command } from 'commander'
import { API_VERSION } from '../contract/api-version.ts'
import { keepLearnt } from '../images/keep.ts'
import { addOutput } from '../output/option.ts'
import { printLine } from '../output/print-line.ts'
import { ledgerFile } from '../output/problems.ts'
import { addConversion, addProject, type ProjectOptions } from '../project/options.ts'
import { printProblems } from '../project/print-problems.ts'
import { readAndConvert } from '../project/read.ts'
import { requirementLines, requirementsOf } from '../project/requirements.ts'
import { EXIT, type Terminal } from '../terminal.ts'
import { checkReplaceable, writeDirectory } from '../write-directory.ts'

interface ConvertOptions extends ProjectOptions {
  outputDirectory: string
  ledger?: string
}

export function define(command: Command, terminal: Terminal): void {
  addOutput(
    addConversion(addProject(command))
      .description('Writes the project as Kubernetes manifests, one object per file.')
      .requiredOption(
        '-o, --output-directory <dir>',
        'directory for the manifests; its previous content is replaced',
      )
      .option('--ledger <file>', 'write what became of each key of the project, as JSON'),
    terminal,
  )
    .addHelpText(
      'after',
      `
The files can be applied in any order, because the pods wait for their dependencies:

  landfall convert . -o manifests && kubectl apply -f manifests

Exit code 3: the manifests are written, but without a key that changes how a program behaves. Change the project, or accept this in
landfall.yaml.`,
    )
    .action(async (place: string | undefined, options: ConvertOptions) => {
      terminal.exitCode = await convert(place, options, terminal)
    })
}

async function convert(
  place: string | undefined,
  options: ConvertOptions,
  terminal: Terminal,
): Promise<number> {
  const directory = resolve(terminal.cwd, options.outputDirectory)
  checkReplaceable(directory)
  const converted = await readAndConvert(place, options, terminal)
  const drops = printProblems(converted, terminal)
  const { result, sources } = converted
  if (result?.bundle === undefined) return EXIT.failed

  const files = emitManifests(result.bundle)
  writeDirectory(directory, files)
  keepLearnt(converted, terminal)
  if (options.ledger !== undefined)
    writeLedger(resolve(terminal.cwd, options.ledger), result.ledger, sources)
  const required = requirementsOf(result.plan)
  const lines = requirementLines(required)
  if (terminal.output === 'json') {
    if (lines.length > 0) printLine({ type: 'required', ...required }, terminal)
    printLine({ type: 'written', directory, files: [...files.keys()] }, terminal)
  } else {
    for (const text of lines) terminal.stderr.write(`${text}\n`)
    terminal.stdout.write(
      `Wrote ${files.size} files to ${options.outputDirectory} (${countOutcomes(result.ledger)}).\n`,
    )
  }
  return drops.length > 0 ? EXIT.dangerousDrop : EXIT.done
}

function writeLedger(file: string, ledger: Ledger, sources: Sources): void {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(
    `${file}.new`,
    `${JSON.stringify({ apiVersion: API_VERSION, ...ledgerFile(ledger, sources) }, null, 2)}\n`,
  )
  renameSync(`${file}.new`, file)
}
