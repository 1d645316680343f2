import type { Command } from 'commander'
import { Argument } from 'commander'
import { addComposeOptions, commandIn, type ProjectOptions } from '../../project/options.ts'
import { EXIT, type Terminal } from '../../terminal.ts'
import { SCRIPTS } from './completion-scripts.ts'

export function define(command: Command, terminal: Terminal): void {
  addComposeOptions(command)
    .addArgument(new Argument('<shell>', 'shell').choices([...Object.keys(SCRIPTS), 'words']))
    .argument('[words...]')
    .usage('[options] bash|zsh|fish')
    .description('Prints the script that lets a shell complete commands, options and services.')
    .passThroughOptions()
    .allowUnknownOption()
    .addHelpText(
      'after',
      `
  bash   source <(landfall completion bash)       in ~/.bashrc
  zsh    source <(landfall completion zsh)        in ~/.zshrc
  fish   landfall completion fish | source        in ~/.config/fish/config.fish`,
    )
    .action(
      async (shell: keyof typeof SCRIPTS | 'words', words: string[], options: ProjectOptions) => {
        const typed = words[0] === '--' ? words.slice(1) : words
        if (shell === 'words')
          terminal.stdout.write(
            await candidates(command.parent?.commands ?? [], typed, options, terminal),
          )
        else terminal.content.write(SCRIPTS[shell])
        terminal.exitCode = EXIT.done
      },
    )
}

/** Commands of services: the words after their name are services. */
const OF_SERVICES = new Set([
  'logs',
  'events',
  'exec',
  'restart',
  'port-forward',
  'open',
  'wait',
  'top',
  'scale',
])

/** What may follow the words of a command line, the last of which is begun: one candidate per line. Never an error: the user is typing. */
async function candidates(
  known: readonly Command[],
  words: readonly string[],
  options: ProjectOptions,
  terminal: Terminal,
): Promise<string> {
  const begun = words.at(-1) ?? ''
  const before = words.slice(0, -1)
  const name = commandIn(before)
  const called = known.find((one) => one.name() === name)
  const all =
    called === undefined
      ? known.map((one) => one.name())
      : begun.startsWith('-')
        ? called.options.flatMap(({ long }) => long ?? [])
        : OF_SERVICES.has(called.name())
          ? await servicesOf(before, options, terminal)
          : []
  const fitting = all.filter((one) => one.startsWith(begun))
  return fitting.map((one) => `${one}\n`).join('')
}

/** The keys of the services of the project that the words name, else of the release in the cluster that -p names. */
async function servicesOf(
  words: readonly string[],
  options: ProjectOptions,
  terminal: Terminal,
): Promise<string[]> {
  const [{ readProject }, { quietly }] = await Promise.all([
    import('../../project/load.ts'),
    import('./quietly.ts'),
  ])
  const given = { ...options, ...namedIn(words) }
  const named = given.projectName !== undefined && given.file === undefined
  const local = named
    ? []
    : ((await quietly(() => readProject(undefined, given, terminal)))?.project?.services ?? {})
  const keys = Object.keys(local)
  return keys.length > 0 ? keys : fromCluster(given, terminal)
}

/** Milliseconds: a user waits for the candidates. */
const CLUSTER_MS = 2_000

async function fromCluster(
  given: ReturnType<typeof namedIn>,
  terminal: Terminal,
): Promise<string[]> {
  const { projectName, namespace = projectName, context } = given
  if (projectName === undefined || namespace === undefined) return []
  const [{ withCluster }, { readMembers }, { quietly }] = await Promise.all([
    import('../../cluster/with-cluster.ts'),
    import('@landfall/deploy'),
    import('./quietly.ts'),
  ])
  const signal = AbortSignal.timeout(CLUSTER_MS)
  const found = await quietly(() =>
    withCluster({ ...(context !== undefined && { context }) }, terminal, namespace, ({ client }) =>
      readMembers(client, { release: projectName, namespace }, signal),
    ),
  )
  return found?.members.map(({ service }) => service) ?? []
}

/** The options among the words of a command line that say which project is meant. */
function namedIn(
  words: readonly string[],
): ProjectOptions & { namespace?: string; context?: string } {
  const after = (...flags: string[]): string | undefined => {
    const at = words.findIndex((word) => flags.includes(word))
    return at < 0 ? undefined : words[at + 1]
  }
  const file = words.includes('logs') ? after('--file') : after('-f', '--file')
  const projectName = after('-p', '--project-name')
  const projectDirectory = after('--project-directory')
  const namespace = after('-n', '--namespace')
  const context = after('--context')
  return {
    ...(file !== undefined && { file: [file] }),
    ...(projectName !== undefined && { projectName }),
    ...(projectDirectory !== undefined && { projectDirectory }),
    ...(namespace !== undefined && { namespace }),
    ...(context !== undefined && { context }),
  }
}
