import { type LoadedSite, matchesName, type SiteReference } from '@landfall/convert'
import { releaseStatus, type Verdict } from '@landfall/deploy'
import { requireAnswer, withCluster } from '../../cluster/with-cluster.ts'
import type { UpOptions } from '../../commands/up/options.ts'
import { upProject } from '../../commands/up/up-project.ts'
import { printBuildFailure } from '../../display/build-failure.ts'
import { BuildFailed, CommandFailed } from '../../errors.ts'
import { describeError, exitCodeAfter } from '../../report-error.ts'
import { EXIT } from '../../terminal.ts'
import { isAsWanted } from '../as-wanted.ts'
import { placedAt } from '../at-site.ts'
import {
  asDeclared,
  publishedFor,
  type ReachInput,
  readReached,
  targetOf,
  tryFrom,
  unreached,
} from '../reach.ts'
import { readRestarts } from '../restarts.ts'
import type { SiteOutcome } from './schedule.ts'

export interface UpSiteInput extends ReachInput {
  options: UpOptions
  place: string | undefined
  /** For each site, those that are deployed before it. */
  before: ReadonlyMap<string, readonly string[]>
  /** Whether another site is ready in this run; undefined if it is not deployed in this run. */
  isReady: (name: string) => boolean | undefined
  /** Runs work of several sites one after the other. */
  inTurn: <T>(work: () => Promise<T>) => Promise<T>
}

/** Deploys one site, and prints what comes of it. Never rejects. */
export async function upSite(input: UpSiteInput): Promise<SiteOutcome> {
  const { site, place, options, terminal, inTurn } = input
  const start = terminal.now()
  let verdict: Verdict | undefined
  const end = (exitCode: number, reason?: string): SiteOutcome => ({
    site: site.name,
    state: exitCode === EXIT.done ? 'ready' : 'failed',
    exitCode,
    ms: terminal.now() - start,
    ...(reason !== undefined && { reason }),
  })
  const at = placedAt(site, options, terminal)
  try {
    if (options.local === undefined) await requireAnswer(at.options, at.terminal)
    const reachedAt = await readReached(input)
    const adjust = await readRestarts(input)
    const known = { ...at.options, reachedAt, requireAddresses: true as const }
    if (
      options.retry &&
      (await isAsWanted({ place, options: known, terminal: at.terminal, adjust, inTurn }))
    ) {
      const problem = await whyNotReached(input)
      if (problem !== undefined) throw new CommandFailed(problem)
      return end(EXIT.done, 'nothing to do')
    }
    const exitCode = await upProject(place, known, at.terminal, {
      inTurn,
      adjust,
      async confirm(last) {
        verdict = last
        return last.state === 'ready' ? whyNotReached(input) : undefined
      },
    })
    return end(exitCode, reasonOf(exitCode, verdict))
  } catch (error) {
    if (error instanceof BuildFailed) {
      printBuildFailure(error.failure, terminal)
      return end(EXIT.failed, error.message)
    }
    const { message, isAway } = describeError(error, terminal)
    const outcome = end(exitCodeAfter(error, at.terminal), message)
    return isAway ? { ...outcome, state: 'away' } : outcome
  }
}

function reasonOf(exitCode: number, verdict: Verdict | undefined): string | undefined {
  if (exitCode === EXIT.done) return undefined
  if (exitCode === EXIT.dangerousDrop) return 'something is dropped that is not accepted'
  const { failure } = verdict ?? {}
  return failure === undefined
    ? 'the project has errors'
    : `${failure.object}: ${failure.reason}: ${failure.message}`
}

interface Pair extends Omit<SiteReference, 'site'> {
  from: LoadedSite
  to: LoadedSite
}

/** Connections between the site and others that were not tested before it was deployed, in both directions. */
function pairsOf({ site, sites, before, isReady }: UpSiteInput): Pair[] {
  const isHere = (one: LoadedSite) => one.name === site.name
  const pairs: Pair[] = []
  for (const from of sites) {
    const addresses = from.connections.filter(
      (one) => one.why === 'address' && before.get(from.name)?.includes(one.site) !== true,
    )
    for (const { site: pattern, ...reference } of [...from.connectsTo, ...addresses])
      for (const to of sites)
        if (
          matchesName(pattern, to.name) &&
          to.services.includes(reference.service) &&
          from.name !== to.name &&
          (isHere(from) || isHere(to)) &&
          [from, to].every((one) => isHere(one) || isReady(one.name) !== false)
        )
          pairs.push({ from, to, ...reference })
  }
  return pairs
}

/**
 * Why the site is not ready although its own services are: a connection from it, or to it, is not possible. What is not deployed in this run, and is away or
 * not there, is not tested.
 */
async function whyNotReached(input: UpSiteInput): Promise<string | undefined> {
  const { site, isReady, options, terminal } = input
  for (const { from, to, service, port } of pairsOf(input)) {
    const other = from.name === site.name ? to : from
    try {
      const declared = to.declared[service]?.map((one) => asDeclared(service, one))
      const published = declared ?? (await publishedFor(from, to, options, terminal))
      const ports = published.filter(
        (one) =>
          one.service === service &&
          one.protocol === 'tcp' &&
          (port === undefined || one.port === port),
      )
      const isThere = isReady(other.name) === true || (await isDeployed(other, input))
      if (!isThere) continue
      if (ports.length === 0)
        return `${to.name}/${service} is not published, and ${from.name} connects to it`
      const places = ports.map((one) => one.places)
      const answered = await tryFrom(from, places, options, terminal)
      const missing = ports.find(
        (one, index) => one.places.length > 0 && answered[index] === undefined,
      )
      if (missing !== undefined) return unreached(from, to, missing)
    } catch (error) {
      if (isReady(other.name) === true || !describeError(error, terminal).isAway) throw error
      terminal.stderr.write(
        `note: connections between ${site.name} and ${other.name} are not tested: ${other.name} is away\n`,
      )
    }
  }
  return undefined
}

async function isDeployed(other: LoadedSite, { options, terminal }: UpSiteInput): Promise<boolean> {
  const { options: there } = placedAt(other, targetOf(options), terminal)
  const { namespace, project: release } = other
  const signal = terminal.interruption()
  return withCluster(there, terminal, namespace, async ({ client }) => {
    const status = await releaseStatus({ client, release, namespace, signal })
    return status?.state === 'current'
  })
}
