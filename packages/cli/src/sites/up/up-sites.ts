import { type LoadedSite, sitesBefore } from '@landfall/convert'
import type { UpOptions } from '../../commands/up/options.ts'
import { UsageError } from '../../errors.ts'
import { EXIT, type Terminal } from '../../terminal.ts'
import { chosenSites } from '../options.ts'
import { readSites } from '../read-sites.ts'
import { oneAfterTheOther } from './in-turn.ts'
import { exitCodeOf, printOutcome, printOutcomes } from './outcome.ts'
import { type SiteOutcome, scheduleSites } from './schedule.ts'
import { siteTerminal } from './site-terminal.ts'
import { upSite } from './up-site.ts'

const AT_ONCE = 8

/** `up` with `--site`, `--sites` or `--all`: deploys each site, and prints a verdict for each and one for all; the result is the exit code. */
export async function upSites(
  place: string | undefined,
  options: UpOptions,
  terminal: Terminal,
): Promise<number> {
  checkOptions(options)
  const sites = readSites(place, options, terminal)
  if (sites === undefined) return EXIT.failed
  const chosen = chosenSites(options, sites)
  const before = sitesBefore(sites.map((site) => ({ site, connections: site.connections })))
  const ready = new Set<string>()
  const pending = new Set(chosen.map(({ name }) => name))
  const inTurn = oneAfterTheOther()
  const isAlone = options.site !== undefined
  const width = Math.max(...chosen.map(({ name }) => name.length))
  const run = async (name: string): Promise<SiteOutcome> => {
    const site = chosen.find((one) => one.name === name) as LoadedSite
    const own = isAlone
      ? { terminal: { ...terminal, site: name }, end: () => undefined }
      : siteTerminal(terminal, name, width)
    const outcome = await upSite({
      ...{ site, sites, place, options, terminal: own.terminal, inTurn },
      before,
      isBefore: (other) => before.get(name)?.includes(other) === true,
      isReady: (other) => (pending.has(other) ? ready.has(other) : undefined),
    })
    own.end()
    if (outcome.state === 'ready') ready.add(name)
    printOutcome(outcome, terminal)
    return outcome
  }
  const outcomes = await scheduleSites({
    names: chosen.map(({ name }) => name),
    after: (name) => before.get(name) ?? [],
    atOnce: options.atOnce ?? AT_ONCE,
    run,
    held(name, by) {
      const what = { ready: 'ready', failed: 'failed', away: 'away', held: 'not ready' }[by.state]
      const reason = `connects to ${by.site}, which ${by.state === 'failed' ? 'has failed' : `is ${what}`}`
      const outcome: SiteOutcome = {
        site: name,
        state: 'held',
        reason,
        exitCode: EXIT.failed,
        ms: 0,
      }
      printOutcome(outcome, terminal)
      return outcome
    },
  })
  if (!isAlone) printOutcomes(outcomes, terminal)
  return exitCodeOf(outcomes)
}

function checkOptions(options: UpOptions): void {
  const several = options.sites !== undefined || options.all !== undefined
  for (const [flag, value] of [
    ['--namespace', options.namespace],
    ['--project-name', options.projectName],
  ] as const)
    if (several && value !== undefined)
      throw new UsageError(
        `${flag} is the same for all sites`,
        'set namespace and projectName of the sites in landfall.yaml',
      )
  if (!several && (options.retry !== undefined || options.atOnce !== undefined))
    throw new UsageError('--retry and --at-once require several sites', 'add --sites or --all')
}
