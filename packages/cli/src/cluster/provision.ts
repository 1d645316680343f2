import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { ClusterOptions } from '@landfall/local-cluster'
import { type Command, Option } from 'commander'
import { UsageError } from '../errors.ts'
import type { Terminal } from '../terminal.ts'

/** The options of commands for where the programs of a local cluster come from. */
export interface ProvisionOptions {
  download?: true
  build?: true
  /** Paths, as the user gives them. */
  releases?: string
  bundle?: string
}

/** Adds the options for where programs come from to a command. */
export function addProvision(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--download',
        'download official binaries; do not build if the release hosts do not respond',
      ).conflicts('build'),
    )
    .option('--build', 'build Kubernetes from source; download no binaries')
    .option(
      '--bundle <file>',
      'take the binaries from a bundle (`cluster bundle`); no release host is contacted',
    )
    .option('--releases <file>', 'table of other releases (docs/local-cluster.md)')
}

/** Adds to the options of a cluster where its programs come from. Throws a UsageError for options that exclude each other and a bundle that does not exist. */
export function withProvision(
  options: ClusterOptions,
  { download, build, bundle, releases }: ProvisionOptions,
  { cwd }: Pick<Terminal, 'cwd'>,
): ClusterOptions {
  for (const [option, value] of Object.entries({ '--releases': releases, '--bundle': bundle }))
    if (build && value !== undefined)
      throw new UsageError(`--build and ${option} cannot be used together`)
  const file = bundle === undefined ? undefined : resolve(cwd, bundle)
  if (file !== undefined && !existsSync(file)) throw new UsageError(`${bundle} does not exist`)
  const provision = {
    ...options.provision,
    ...(download && { way: 'download' as const }),
    ...(build && { way: 'build' as const }),
    ...(file !== undefined && { bundle: file }),
    ...(releases !== undefined && { table: resolve(cwd, releases) }),
  }
  return { ...options, provision }
}
