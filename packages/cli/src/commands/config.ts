import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type { LoadInput } from '@landfall/compose'
import { type ConfigOptions, composeConfig, type View } from '@landfall/compose/config'
import { nodeFiles } from '@landfall/compose/node'
import { visibleInJson } from '@landfall/diagnostic'
import { CannotWrite, SECRET_MODE, writeWhole } from '@landfall/local-cluster/write-whole'
import type { Command } from 'commander'
import { CommandFailed, UsageError } from '../errors.ts'
import { boundaryOf } from '../project/boundary.ts'
import { loadInput } from '../project/load.ts'
import { addComposeOptions, addSite, type ProjectOptions } from '../project/options.ts'
import { printEachDiagnostic } from '../project/print-problems.ts'
import { EXIT, type Terminal } from '../terminal.ts'

/** The views that are flags, in the order in which they win over each other. */
const views = [
  'services',
  'volumes',
  'networks',
  'models',
  'hash',
  'profiles',
  'images',
  'variables',
  'environment',
] as const satisfies readonly View[]

interface ConfigFlags
  extends Omit<ProjectOptions, 'environment'>,
    Partial<Record<Exclude<View, 'project' | 'hash'>, boolean>> {
  format?: string
  hash?: string
  interpolate: boolean
  normalize: boolean
  pathResolution: boolean
  consistency: boolean
  envResolution: boolean
  quiet?: boolean
  output?: string
  lockImageDigests?: boolean
  resolveImageDigests?: boolean
  allResources?: boolean
  compatibility?: boolean
}

export function define(command: Command, terminal: Terminal): void {
  addSite(addComposeOptions(command))
    .argument('[SERVICE...]', 'services to print, with their dependencies')
    .description(
      'Prints the resolved project in canonical form, as docker compose config does, without Docker.',
    )
    .option('--format <format>', 'yaml or json; with --variables also table')
    .option('--services', 'print the service names')
    .option('--images', 'print the image names')
    .option('--profiles', 'print the profile names')
    .option('--volumes', 'print the volume names')
    .option('--networks', 'print the network names')
    .option('--models', 'print the model names')
    .option('--variables', 'print the variables in the files, with their defaults')
    .option('--environment', 'print the environment used for interpolation')
    .option('--hash <services>', 'print the configuration hash of services ("*": all)')
    .option('--no-interpolate', 'do not replace variables')
    .option('--no-normalize', 'do not add implied values')
    .option('--no-path-resolution', 'do not make relative paths absolute')
    .option('--no-consistency', 'do not check the consistency of the project')
    .option('--no-env-resolution', 'do not read the env files of services')
    .option('--all-resources', 'also print volumes, networks, … that no service uses')
    .option('--compatibility', 'behave like older versions')
    .option('-q, --quiet', 'only validate the project')
    .option('-o, --output <file>', 'write to a file')
    .option('--resolve-image-digests', 'not supported: requires a registry')
    .option('--lock-image-digests', 'not supported: requires a registry')
    .action(async (services: string[], flags: ConfigFlags) => {
      terminal.exitCode = await config(services, flags, terminal)
    })
}

async function config(
  services: readonly string[],
  given: ConfigFlags,
  outer: Terminal,
): Promise<number> {
  const at = given.site === undefined ? undefined : await siteOf(given.site, given, outer)
  if (given.site !== undefined && at === undefined) return EXIT.failed
  const { flags, terminal, part } = at ?? { flags: given, terminal: outer, part: undefined }
  if (flags.lockImageDigests || flags.resolveImageDigests)
    throw new CommandFailed(
      'image digests require a registry, and config only reads files; use `docker compose config --resolve-image-digests`',
    )
  const files = nodeFiles()
  const input: LoadInput = {
    ...loadInput(undefined, flags, terminal, files),
    boundary: (trusted) => boundaryOf(trusted, files, terminal.env, false),
  }
  const options = { ...optionsOf(services, flags), ...(part && { part }) }
  const { text: printed, diagnostics, sources } = composeConfig(input, options)
  const text = printed && options.format === 'json' ? visibleInJson(printed) : printed
  printEachDiagnostic(diagnostics, sources, terminal)
  if (text === undefined) {
    const place = services.find((name) => existsSync(resolve(terminal.cwd, name)))
    const noService = diagnostics.some(({ path }) => path === '/services')
    if (place !== undefined && noService)
      terminal.stderr.write(
        `  hint: the arguments of config are service names; use -f FILE or --project-directory ${place} for the project\n`,
      )
    return EXIT.failed
  }
  if (flags.output !== undefined && options.view === 'project') {
    if (!flags.quiet) write(resolve(terminal.cwd, flags.output), text)
  } else if (!flags.quiet || !quietViews.has(options.view)) terminal.content.write(text)
  return EXIT.done
}

/** The project at a site: its services, images, variables and name. The code of sites is loaded when one is meant. */
async function siteOf(name: string, flags: ConfigFlags, terminal: Terminal) {
  if (!flags.interpolate || flags.variables)
    throw new UsageError(
      `--site cannot be used with ${flags.variables ? '--variables' : '--no-interpolate'}: the files are the same for all sites`,
      'remove one of them',
    )
  const [{ findSite, readSites }, { placedAt }] = await Promise.all([
    import('../sites/read-sites.ts'),
    import('../sites/at-site.ts'),
  ])
  const { environment: _, ...options } = flags
  const sites = readSites(undefined, options, terminal)
  if (sites === undefined) return undefined
  const site = findSite(name, sites)
  const { services, images, platform } = site
  const placed = placedAt(site, options, terminal)
  const { projectName } = placed.options
  return {
    flags: { ...flags, ...(projectName !== undefined && { projectName }) },
    terminal: placed.terminal,
    part: { services, images, ...(platform !== undefined && { platform }) },
  }
}

/** The values of variables are in the text. As Docker Compose, makes no directory. */
function write(file: string, text: string): void {
  if (!existsSync(dirname(file))) throw new CannotWrite(file, 'its directory does not exist')
  writeWhole(file, text, SECRET_MODE)
}

/** The views that `--quiet` silences; Docker Compose prints the lists all the same. */
const quietViews: ReadonlySet<View> = new Set(['project', 'environment'])

function optionsOf(services: readonly string[], flags: ConfigFlags): ConfigOptions {
  const view = views.find((name) => flags[name]) ?? 'project'
  return {
    view,
    format: formatOf(view, flags.format ?? ''),
    services,
    ...(flags.hash !== undefined && flags.hash !== '*' && { hashed: flags.hash.split(',') }),
    phases: {
      interpolate: flags.interpolate,
      normalize: flags.normalize && !flags.compatibility,
      resolvePaths: flags.pathResolution,
      checkConsistency: flags.consistency,
      resolveEnvironment: flags.envResolution,
    },
    allResources: flags.allResources ?? false,
    compatibility: flags.compatibility ?? false,
    sha256: (text) => createHash('sha256').update(text).digest('hex'),
  }
}

/** Lists have no format, and take any. */
function formatOf(view: View, format: string): ConfigOptions['format'] {
  if (view === 'variables') {
    if (format === 'yaml') return 'yaml'
    const kind = format.toLowerCase()
    if (kind === 'json' || kind === '{{json.}}') return 'json'
    if (kind === '' || kind === 'table' || kind === 'pretty') return 'table'
  } else if (view !== 'project' || format === '' || format === 'yaml') return 'yaml'
  else if (format === 'json') return 'json'
  throw new CommandFailed(`unsupported format "${format}"; use yaml or json`)
}
