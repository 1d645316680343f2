import type { ReachedAt } from '@landfall/convert'
import { type Command, Option } from 'commander'

/** What docker compose has to say which project is meant. */
export interface ProjectOptions {
  file?: string[]
  projectName?: string
  projectDirectory?: string
  profile?: string[]
  envFile?: string[]
  /** Of `landfall.yaml`. */
  environment?: string
  /** No registry is contacted for image metadata. */
  offline?: true
  /** A site of `landfall.yaml`. */
  site?: string
  /** What is known of other sites; nothing if omitted. */
  reachedAt?: ReachedAt
  /** The address of another site that is not known is an error. */
  requireAddresses?: true
}

const collect = (value: string, before: string[] = []): string[] => [...before, value]

/**
 * The PROJECT argument and the options that mean the same as those of docker compose; a command may want `-f` for itself.
 * As with docker compose they may also stand before the command.
 */
export function addProject(command: Command, fileFlags?: string): Command {
  return addComposeOptions(
    command.argument('[PROJECT]', 'project directory, or Compose file'),
    fileFlags,
  )
}

/** The options alone. */
export function addComposeOptions(command: Command, fileFlags?: string): Command {
  for (const option of composeOptions(fileFlags)) command.addOption(option)
  return command.hook('preAction', (_, called) => takeOver(called))
}

/** The same options where they stand before the command; its help shows them. */
export function addLeadingOptions(program: Command): Command {
  for (const option of leadingOptions()) program.addOption(option.hideHelp())
  return program.enablePositionalOptions()
}

/** With those that docker compose takes before the command and `config` looks at. */
function leadingOptions(): Option[] {
  return [...composeOptions(), new Option('--all-resources'), new Option('--compatibility')]
}

function composeOptions(fileFlags = '-f, --file'): Option[] {
  return [
    new Option(`${fileFlags} <file>`, 'Compose file; can be repeated, files are merged').argParser(
      collect,
    ),
    new Option('-p, --project-name <name>', 'project name'),
    new Option('--profile <name>', 'profile to enable; can be repeated').argParser(collect),
    new Option(
      '--env-file <file>',
      'environment file for interpolation (default: .env); can be repeated',
    ).argParser(collect),
    new Option('--project-directory <dir>', 'base directory for relative paths'),
  ].map((option) => option.helpGroup('Project options:'))
}

/** What stands before the command counts first; of options that can be given once, the one after it wins. */
function takeOver(command: Command): void {
  const leading = command.parent?.opts<Record<string, unknown>>() ?? {}
  const own = command.opts<Record<string, unknown>>()
  for (const option of leadingOptions()) {
    const name = option.attributeName()
    const [before, after] = [leading[name], own[name]]
    if (Array.isArray(before)) command.setOptionValue(name, [...before, ...((after as []) ?? [])])
    else if (before !== undefined && after === undefined) command.setOptionValue(name, before)
  }
}

/** The word of a command line that names the command: the first that is no option and no value of one. */
export function commandIn(argv: readonly string[]): string | undefined {
  const taking = new Set(composeOptions().flatMap(({ short, long }) => [short, long]))
  for (let at = 0; at < argv.length; at++) {
    const word = argv[at] as string
    if (taking.has(word)) at++
    else if (!word.startsWith('-')) return word === 'help' ? argv[at + 1] : word
  }
  return undefined
}

/** The options of commands that convert. */
export function addConversion(command: Command): Command {
  return command
    .option('--environment <name>', 'environment of landfall.yaml, such as prod')
    .option('--offline', 'read image metadata from landfall.lock only, not from registries')
}

/** The option that means one site of landfall.yaml, for commands that contact no cluster. */
export function addSite(command: Command): Command {
  return command.option(
    '--site <name>',
    'site of landfall.yaml: its services, cluster and namespace',
  )
}
