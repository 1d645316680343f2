import type { LoadedSite } from '@landfall/convert'
import type { Bundle } from '@landfall/kube'
import type { TargetOptions } from '../cluster/options.ts'
import { colourFor } from '../colour.ts'
import { table } from '../display/table.ts'
import { oneLine } from '../display/words.ts'
import { printLine } from '../output/print-line.ts'
import type { ProjectOptions } from '../project/options.ts'
import { describeError } from '../report-error.ts'
import { EXIT, type Terminal } from '../terminal.ts'
import { type DeployedSite, deployedSite } from './as-wanted.ts'
import { placedAt } from './at-site.ts'
import { chosenSites } from './options.ts'
import { readPublished } from './reach.ts'
import { readSites } from './read-sites.ts'
import { readRestarts } from './restarts.ts'
import { oneAfterTheOther } from './up/in-turn.ts'
import { scheduleSites } from './up/schedule.ts'

/** What `status --sites` prints about a site. */
export interface SiteStatus {
  site: LoadedSite
  /** `behind`: it is ready, and `up` would change it. */
  state: 'ready' | 'behind' | 'inProgress' | 'failed' | 'absent' | 'away'
  found?: DeployedSite
  /** Why its state is not known, or what `up` would change not. */
  reason?: string
}

const AT_ONCE = 8

/** `status --sites`: one line for each site; the exit code is 0 if all are ready and as the project declares them. */
export async function statusOfSites(
  given: string | undefined,
  options: ProjectOptions & TargetOptions & { sites: string | true },
  terminal: Terminal,
): Promise<number> {
  // the word behind --sites can be PROJECT: names of sites have no slash and no dot
  const isPlace = given === undefined && options.sites !== true && /[/.]/.test(options.sites)
  const place = isPlace ? String(options.sites) : given
  const sites = readSites(place, options, terminal)
  if (sites === undefined) return EXIT.failed
  const patterns = options.sites === true || isPlace ? '*' : options.sites
  const chosen = chosenSites({ sites: patterns }, sites)
  const inTurn = oneAfterTheOther()
  const found = new Map<string, SiteStatus>()
  await scheduleSites({
    names: chosen.map(({ name }) => name),
    after: () => [],
    atOnce: AT_ONCE,
    async run(name) {
      const site = chosen.find((one) => one.name === name) as LoadedSite
      const status = await statusOf(site, sites, place, options, terminal, inTurn)
      found.set(name, status)
      printSite(status, terminal)
      return { site: name, state: 'ready', exitCode: EXIT.done, ms: 0 }
    },
    held: (name) => ({ site: name, state: 'held', exitCode: EXIT.failed, ms: 0 }),
  })
  const all = chosen.flatMap(({ name }) => found.get(name) ?? [])
  if (terminal.output !== 'json') terminal.stdout.write(`${renderSites(all, terminal)}\n`)
  return all.every(({ state }) => state === 'ready') ? EXIT.done : EXIT.failed
}

async function statusOf(
  site: LoadedSite,
  sites: readonly LoadedSite[],
  place: string | undefined,
  { sites: _, ...options }: ProjectOptions & TargetOptions & { sites: string | true },
  terminal: Terminal,
  inTurn: <T>(work: () => Promise<T>) => Promise<T>,
): Promise<SiteStatus> {
  const at = placedAt(site, options, terminal)
  const input = { site, sites, options, terminal: at.terminal }
  try {
    let reason: string | undefined
    // what others publish decides what up would change, and not what runs here
    const known = await Promise.all([readPublished(input), readRestarts(input)]).catch((error) => {
      reason = describeError(error, terminal).message
      return undefined
    })
    const [reachedAt, adjust = (bundle: Bundle) => bundle] = known ?? []
    const found = await deployedSite({
      ...{ place, terminal: at.terminal, adjust, inTurn },
      options: { ...at.options, requireAddresses: true, ...(reachedAt && { reachedAt }) },
    })
    if (found === undefined) return { site, state: 'absent' }
    const state = found.status.state === 'current' ? 'ready' : found.status.state
    const isBehind = state === 'ready' && (found.last !== 'ready' || (found.changes ?? 0) > 0)
    return {
      ...{ site, found, state: isBehind ? 'behind' : state },
      ...(reason !== undefined && { reason }),
    }
  } catch (error) {
    const { message, isAway } = describeError(error, terminal)
    return { site, state: isAway ? 'away' : 'failed', reason: message }
  }
}

function printSite({ site, state, found, reason }: SiteStatus, terminal: Terminal): void {
  if (terminal.output !== 'json') return
  printLine(
    {
      type: 'siteStatus',
      state,
      namespace: site.namespace,
      ...(site.context !== undefined && { context: site.context }),
      ...(site.location && { location: site.location }),
      ...(found && { ...countsOf(found), revision: found.status.revision }),
      ...(found?.changes !== undefined && { changes: found.changes }),
      ...(reason !== undefined && { reason }),
    },
    { ...terminal, site: site.name },
  )
}

function countsOf({ status }: DeployedSite): { ready: number; desired: number } {
  const sum = (key: 'ready' | 'desired') =>
    status.workloads.reduce((total, workload) => total + workload[key], 0)
  return { ready: sum('ready'), desired: sum('desired') }
}

const ROLES = {
  ready: 'good',
  behind: 'warning',
  inProgress: 'warning',
  absent: 'warning',
  away: 'warning',
  failed: 'error',
} as const

/** One row for each site: name, location, pods, revision, state, and what it is about. */
function renderSites(all: readonly SiteStatus[], { stdout, env }: Terminal): string {
  const colour = colourFor(stdout, env)
  return table(
    all.map((one) => {
      const { site, state, found, reason } = one
      const { latitude, longitude } = site.location ?? {}
      const counts = found && countsOf(found)
      return [
        site.name,
        latitude === undefined ? '-' : `${latitude},${longitude}`,
        counts === undefined ? '-' : `${counts.ready}/${counts.desired}`,
        found === undefined ? '-' : `revision ${found.status.revision}`,
        colour(
          ROLES[state],
          [WORDS[state], whyOf(one), oneLine(reason ?? '')].filter(Boolean).join('  '),
        ),
      ]
    }),
  )
}

const WORDS = {
  ready: 'ready',
  behind: 'behind',
  inProgress: 'in progress',
  absent: 'not deployed',
  away: 'away',
  failed: 'failed',
}

function whyOf({ state, found }: SiteStatus): string {
  if (found === undefined) return ''
  if (state === 'behind')
    return (found.changes ?? 0) > 0
      ? `up would change ${found.changes} ${found.changes === 1 ? 'object' : 'objects'}`
      : `its last deployment was ${found.last ?? 'not recorded'}`
  const failed = found.status.workloads.find((one) => one.state === state)
  return state === 'ready' || failed === undefined
    ? ''
    : `${failed.object}: ${oneLine(failed.message)}`
}
