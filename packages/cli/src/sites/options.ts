import { type LoadedSite, matchesName } from '@landfall/convert'
import { type Command, Option } from 'commander'
import { positiveInteger } from '../cluster/options.ts'
import { UsageError } from '../errors.ts'
import { findSite, shownNames } from './read-sites.ts'

/** Which sites of landfall.yaml are meant, and how they are deployed. */
export interface SitesOptions {
  site?: string
  /** Names with `*`, separated by commas. */
  sites?: string
  all?: true
  retry?: true
  atOnce?: number
}

/** The options of a command that deploys sites. */
export function addSites(command: Command): Command {
  const options = [
    new Option('--sites <names>', "several sites, separated by commas: --sites 'cloud,edge-*'"),
    new Option('--all', 'all sites, each after those whose addresses it needs'),
    new Option('--retry', 'with --sites or --all: only sites that are not as they should be'),
    new Option('--at-once <number>', 'with --sites or --all: how many at the same time')
      .argParser(positiveInteger)
      .default(undefined, '8'),
  ]
  for (const option of options) command.addOption(option.helpGroup('Cluster options:'))
  return command
}

/** The sites that options mean. Throws a UsageError if there is none, or if the options contradict each other. */
export function chosenSites(
  { site, sites: patterns, all }: SitesOptions,
  sites: readonly LoadedSite[],
): LoadedSite[] {
  if ([site, patterns, all].filter((one) => one !== undefined).length > 1)
    throw new UsageError('--site, --sites and --all exclude each other', 'use one of them')
  if (site !== undefined) return [findSite(site, sites)]
  const names = patterns === undefined ? ['*'] : patterns.split(',').map((one) => one.trim())
  for (const name of names)
    if (!sites.some((one) => matchesName(name, one.name)))
      throw new UsageError(
        sites.length === 0 ? 'landfall.yaml has no sites' : `no site is named ${name}`,
        sites.length === 0
          ? 'define them in landfall.yaml under sites'
          : `the sites: ${shownNames(sites.map((one) => one.name))}`,
      )
  return sites.filter((one) => names.some((name) => matchesName(name, one.name)))
}
