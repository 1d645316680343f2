import { type LoadedSite, matchesName } from '@landfall/convert'
import type { Verdict } from '@landfall/deploy'
import { requireAnswer } from '../../cluster/with-cluster.ts'
import type { UpOptions } from '../../commands/up/options.ts'
import { upProject } from '../../commands/up/up-project.ts'
import { printBuildFailure } from '../../display/build-failure.ts'
import { BuildFailed } from '../../errors.ts'
import { describeError, exitCodeAfter } from '../../report-error.ts'
import { EXIT } from '../../terminal.ts'
import { isAsWanted } from '../as-wanted.ts'
import { placedAt } from '../at-site.ts'
import { publishedFor, type ReachInput, readReached, tryFrom, unreached } from '../reach.ts'
import { readRestarts } from '../restarts.ts'
import type { SiteOutcome } from './schedule.ts'

export interface UpSiteInput extends ReachInput {
  options: UpOptions
  place: string | undefined
  /** Sites that are ready in this run. */
  ready: ReadonlySet<string>
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
    )
      return end(EXIT.done, 'nothing to do')
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

/**
 * Why the site is not ready although its own services are: programs that connect to a service without an address in the settings cannot. Tested from the site to
 * others that are ready, and from them to it.
 */
async function whyNotReached(input: UpSiteInput): Promise<string | undefined> {
  const { site, sites, ready, options, terminal } = input
  const pairs: { from: LoadedSite; to: LoadedSite; service: string; port?: number }[] = []
  const isHere = (one: LoadedSite) => one.name === site.name
  for (const from of sites)
    for (const reference of from.connectsTo)
      for (const to of sites)
        if (
          matchesName(reference.site, to.name) &&
          to.services.includes(reference.service) &&
          from.name !== to.name &&
          (isHere(from) || isHere(to)) &&
          [from, to].every((one) => isHere(one) || ready.has(one.name))
        ) {
          const { service, port } = reference
          pairs.push({ from, to, service, ...(port !== undefined && { port }) })
        }
  for (const { from, to, service, port } of pairs) {
    const published = await publishedFor(from, to, options, terminal)
    const ports = published.filter(
      (one) =>
        one.service === service &&
        one.protocol === 'tcp' &&
        (port === undefined || one.port === port),
    )
    if (ports.length === 0)
      return `${to.name}/${service} is not published, and ${from.name} connects to it`
    const places = ports.map((one) => one.places)
    const answered = await tryFrom(from, places, options, terminal)
    const missing = ports.find((_, index) => answered[index] === undefined)
    if (missing !== undefined) return unreached(from, to, missing)
  }
  return undefined
}
