import { mkdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { basename, join } from 'node:path/posix'
import { nodeFiles } from '@landfall/compose/node'
import { inspectTarball, makeRecipe, scanTarball, TarballProblem } from '@landfall/containerize'
import { hasErrors } from '@landfall/diagnostic'
import { writeWhole } from '@landfall/local-cluster/write-whole'
import type { Command } from 'commander'
import { CommandFailed, UsageError } from '../errors.ts'
import { boundaryOf } from '../project/boundary.ts'
import { readProject } from '../project/load.ts'
import { addProject, type ProjectOptions } from '../project/options.ts'
import { printDiagnostics } from '../project/print-problems.ts'
import { progressOf } from '../project/read.ts'
import { archiveOf } from '../tarball/archive.ts'
import { extract } from '../tarball/extract.ts'
import { EXIT, type Terminal } from '../terminal.ts'

interface ContainerizeOptions extends ProjectOptions {
  out: string
  service?: string
}

export function define(command: Command, terminal: Terminal): void {
  addProject(command)
    .description(
      'Writes how the image of a service from a tarball is made: a Dockerfile, the scripts that start it, and the files of the tarball. To build the image yourself: set image in the Compose file, and remove tarball.',
    )
    .requiredOption('-o, --out <path>', 'a directory that does not exist, or is empty')
    .option('--service <name>', 'the service, if there are several from tarballs')
    .action(async (place: string | undefined, options: ContainerizeOptions) => {
      terminal.exitCode = await containerize(place, options, terminal)
    })
}

async function containerize(
  place: string | undefined,
  options: ContainerizeOptions,
  terminal: Terminal,
): Promise<number> {
  const files = nodeFiles()
  const loaded = readProject(place, options, terminal, files)
  const { tarballs, diagnostics, sources } = loaded
  if (hasErrors(diagnostics)) {
    printDiagnostics(diagnostics, sources, terminal)
    return EXIT.failed
  }
  const services = tarballs?.services ?? []
  const names = services.map(({ service }) => service)
  const [one, second] = services.filter(({ service }) => service === (options.service ?? service))
  if (one === undefined || second !== undefined)
    throw new UsageError(
      names.length === 0
        ? 'no service of landfall.yaml has a tarball'
        : one === undefined
          ? `no service ${options.service} has a tarball`
          : 'several services have a tarball',
      names.length === 0
        ? 'landfall init X.tar.gz writes a landfall.yaml'
        : `use --service with one of ${names.join(', ')}`,
    )
  const boundary = boundaryOf(loaded.trusted, files, terminal.env, true)
  const target = one.url === undefined ? boundary.outside(one.file) : undefined
  if (target !== undefined)
    throw new UsageError(
      `${one.written} is outside of the project`,
      `if that is intended, accept it in landfall.yaml: accept: [${boundary.acceptAs(target)}]`,
    )
  const out = resolve(terminal.cwd, options.out)
  if ((files.list(out) ?? []).length > 0 || files.stat(out)?.kind === 'file')
    throw new UsageError(`${options.out} is not an empty directory`, 'choose another directory')
  try {
    const archive = await archiveOf(one, { env: terminal.env, ...progressOf(terminal) })
    const scan = await scanTarball(archive)
    const recipe = makeRecipe(
      one.service,
      one.settings,
      scan,
      inspectTarball(scan, basename(one.file)),
    )
    mkdirSync(out, { recursive: true })
    writeWhole(join(out, 'Dockerfile'), recipe.dockerfile)
    for (const [name, content] of recipe.helpers)
      writeWhole(join(out, 'landfall', name), content, 0o755)
    await extract(archive, scan, out)
    terminal.stdout.write(
      `Wrote the recipe of ${one.service} to ${options.out}: Dockerfile, landfall/ (${recipe.helpers.has('prepare') ? 'prepare, ' : ''}start, capture, install) and ${scan.files.size} files of ${one.written}. It starts ${recipe.start.join(' ')} in ${recipe.base}.\n`,
    )
    return EXIT.done
  } catch (error) {
    if (!(error instanceof TarballProblem)) throw error
    throw new CommandFailed(`${one.written}: ${error.message}; ${error.hint}`)
  }
}
