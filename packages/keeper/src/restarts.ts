import type { KeeperRecord, KeeperSettings, KeptEdge, KeptService } from '@landfall/kube'
import { restartAllowedAt } from './allowed.ts'
import { isReplaced, type Standing, standingOf, startsOf } from './standing.ts'
import { type World, workloadKey } from './world.ts'

/** How long a service whose dependency is ready again waits for its other dependencies: those may never come back. */
const PATIENCE_MS = 120_000

/** What a rule decides. */
export type Decision =
  | { type: 'restart'; service: KeptService; why: string; record: KeeperRecord }
  /** Only what is seen changes: nothing has to restart. */
  | { type: 'record'; service: KeptService; record: KeeperRecord }

export interface Decisions {
  decisions: Decision[]
  /** When to decide again if nothing changes until then, in milliseconds since 1970. */
  lookAt?: number
}

/** What an edge of `restartsWith` asks for. */
type EdgeState =
  /** Not known: the dependency is not whole. */
  | { state: 'away' }
  /** The service is with the dependency as it is. */
  | { state: 'with'; identity: string[] }
  /** The service runs since before the dependency was ready again. */
  | { state: 'stale'; identity: string[]; readyAt: number }

/**
 * Which services restart because one that they restart with is new, and what is noted for later. A service restarts once all that it restarts
 * with are whole and have restarted themselves if they had to, so that one fault restarts each once, in the order of dependencies. `open`: services of
 * which more is to come, see `undecided`.
 */
export function decideRestarts(
  settings: KeeperSettings,
  world: World,
  open: ReadonlySet<string>,
  now: number,
): Decisions {
  const byKey = new Map(settings.services.map((kept) => [kept.service, kept]))
  const standings = new Map(
    settings.services.map((kept) => [kept.service, standingOf(kept, world, now)]),
  )
  const looks: number[] = [...standings.values()].flatMap((standing) =>
    standing.whole || standing.lookAt === undefined ? [] : [standing.lookAt],
  )
  const edges = new Map(
    settings.services.map((kept) => [
      kept.service,
      (kept.restartsWith ?? []).map((edge) =>
        edgeState(kept, edge, standings.get(edge.service), world),
      ),
    ]),
  )
  const settled = (service: string, path: readonly string[] = []): boolean => {
    if (path.includes(service)) return true
    const above = byKey.get(service)?.restartsWith ?? []
    return (
      standings.get(service)?.whole === true &&
      !open.has(service) &&
      edges.get(service)?.every(({ state }) => state === 'with') === true &&
      above.every((edge) => settled(edge.service, [...path, service]))
    )
  }
  const decisions = settings.services.flatMap((kept): Decision[] => {
    const states = edges.get(kept.service) ?? []
    const workload = world.workloads.get(workloadKey({ kind: kept.kind, name: kept.workload }))
    if (states.length === 0 || workload === undefined || workload.ending) return []
    const seen = { ...seenOf(kept, workload.record) }
    const stale = states.filter((one) => one.state === 'stale')
    for (const [index, edge] of (kept.restartsWith ?? []).entries()) {
      const state = states[index]
      if (state?.state === 'with') seen[edge.service] = state.identity
    }
    const noted: Decision[] = sameSeen(seen, workload.record.seen)
      ? []
      : [{ type: 'record', service: kept, record: { ...workload.record, seen } }]
    if (stale.length === 0) return noted
    const until = Math.max(...stale.map(({ readyAt }) => readyAt)) + PATIENCE_MS
    const waits =
      workload.rolling || (kept.restartsWith ?? []).some(({ service }) => !settled(service))
    const at = Math.max(waits ? until : now, restartAllowedAt(workload.record, now))
    if (at > now) {
      looks.push(at)
      return noted
    }
    for (const [index, edge] of (kept.restartsWith ?? []).entries()) {
      const state = states[index]
      if (state?.state === 'stale') seen[edge.service] = state.identity
    }
    const why = reasonOf(
      (kept.restartsWith ?? []).flatMap(({ service }, index) => {
        const state = states[index]
        return state?.state === 'stale' ? [{ service, ...state }] : []
      }),
      workload.record,
    )
    return [{ type: 'restart', service: kept, why, record: { ...workload.record, seen } }]
  })
  const lookAt = Math.min(...looks.filter((at) => at > now))
  return { decisions, ...(Number.isFinite(lookAt) && { lookAt }) }
}

/**
 * Whether a service has to restart for one that it restarts with. Its own start counts if it came after the other was ready. Times have whole
 * seconds: of two equal ones, a gate that waits for the other shows which came first.
 */
function edgeState(
  kept: KeptService,
  edge: KeptEdge,
  standing: Standing | undefined,
  world: World,
): EdgeState {
  if (standing === undefined || !standing.whole) return { state: 'away' }
  const { identity, readyAt, startedAt } = standing
  const record = world.workloads.get(workloadKey({ kind: kept.kind, name: kept.workload }))?.record
  const seen = record?.seen[edge.service]
  const starts = startsOf(kept, world)
  const ranBefore = (time: number) =>
    starts.some((start) => start < time || (start === time && edge.gated !== true))
  const isStale =
    seen === undefined
      ? // never seen: only a gate shows that the service cannot have started first
        edge.gated === true && starts.some((start) => start < startedAt)
      : isReplaced(seen, identity) && ranBefore(readyAt)
  return isStale ? { state: 'stale', identity, readyAt } : { state: 'with', identity }
}

/** `a container of mq has restarted`, `mq and db were replaced` */
function reasonOf(
  stale: readonly { service: string; identity: string[] }[],
  { seen }: KeeperRecord,
): string {
  const names = stale.map(({ service }) => service)
  const podsOf = (identity: readonly string[]) => identity.map((one) => one.split('/')[0]).join()
  const [first] = stale
  const samePods =
    first !== undefined &&
    stale.length === 1 &&
    podsOf(seen[first.service] ?? []) === podsOf(first.identity)
  if (samePods) return `a container of ${names[0]} has restarted`
  return `${names.join(' and ')} ${names.length === 1 ? 'was' : 'were'} replaced`
}

/** What was seen of the services that still count. */
function seenOf({ restartsWith = [] }: KeptService, { seen }: KeeperRecord): KeeperRecord['seen'] {
  const names = new Set(restartsWith.map(({ service }) => service))
  return Object.fromEntries(Object.entries(seen).filter(([service]) => names.has(service)))
}

function sameSeen(one: KeeperRecord['seen'], other: KeeperRecord['seen']): boolean {
  const text = (seen: KeeperRecord['seen']) =>
    JSON.stringify(Object.entries(seen).sort(([a], [b]) => (a < b ? -1 : 1)))
  return text(one) === text(other)
}
