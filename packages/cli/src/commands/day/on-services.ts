import { findMembers, type Member, type Members, readMembers } from '@landfall/deploy'
import type { KubeClient } from '@landfall/kube'
import type { TargetOptions } from '../../cluster/options.ts'
import { withCluster } from '../../cluster/with-cluster.ts'
import { CommandFailed, UsageError } from '../../errors.ts'
import type { ProjectOptions } from '../../project/options.ts'
import { releaseOf } from '../../project/release.ts'
import { wordsOf } from '../../project/words.ts'
import { EXIT, type Terminal } from '../../terminal.ts'

/** A release with the services that a command is about. */
export interface OnServices {
  client: KubeClient
  all: Members
  /** The named services, or all. */
  chosen: Member[]
  /** Whether services were named. */
  isNamed: boolean
  signal: AbortSignal
}

export interface ServiceWords {
  /** Of the command line: PROJECT and names of services. */
  words: readonly string[]
  /** What a word names, if it is more than a service: `web` of `web:8080`. */
  nameIn?: (word: string) => string
}

/**
 * Runs `work` on a release and the services that the words of a command name. Throws a UsageError for an unknown name, and a CommandFailed for
 * what a service does not allow now.
 */
export async function onServices(
  { words, nameIn = (word) => word }: ServiceWords,
  options: ProjectOptions & TargetOptions,
  terminal: Terminal,
  work: (on: OnServices, names: readonly string[]) => Promise<number>,
): Promise<number> {
  const { place, names } = wordsOf(words, options, terminal)
  const found = await releaseOf(place, options, terminal)
  if (found === undefined) return EXIT.failed
  const signal = terminal.interruption()
  return withCluster(options, terminal, found.namespace, async ({ client, context }) => {
    try {
      const all = await readMembers(client, found, signal)
      if (all === undefined)
        throw new CommandFailed(
          `no release ${found.release} in namespace ${found.namespace} (context ${context})`,
        )
      const isNamed = names.length > 0
      const chosen = isNamed ? findMembers(all, names.map(nameIn)) : all.members
      return await work({ client, all, chosen, isNamed, signal }, names)
    } catch (error) {
      throw explained(error)
    }
  })
}

const NOT_NOW = ['NoPodError', 'NotRestartableError', 'NoMetricsError', 'PodPortError']

/** Errors of @landfall/deploy for people; it is loaded when it is needed only. */
function explained(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  if (error.name === 'NoServiceError' && 'hint' in error)
    return new UsageError(error.message, String(error.hint))
  return NOT_NOW.includes(error.name) ? new CommandFailed(error.message, { cause: error }) : error
}
