import {
  type Clock,
  KEPT_WITH_ANNOTATION,
  type KubeClient,
  type KubeObject,
  machineClock,
  objectId,
  RESTARTS_WITH_ANNOTATION,
} from '@landfall/kube'
import { patientClient } from '../apply/patiently.ts'
import type { Failure, Verdict } from '../events.ts'
import { type Holder, heldClient, holdRelease } from '../release/hold.ts'
import { LeaseForbiddenError } from '../release/lease.ts'
import { type AwaitOptions, settle, verdictOf } from './await-release.ts'
import { findMembers, type Members, readMembers, workloadOf } from './members.ts'

/** The annotation of a pod template by which `kubectl rollout restart` replaces pods. */
const RESTARTED_AT = 'kubectl.kubernetes.io/restartedAt'

/** How long the keeper of a release may take to restart what restarts with a service. */
const KEEPER_MS = 15_000

/** Owner of that one field: a deploy, which does not have it, leaves it as it is (decision 0028). */
const RESTART_MANAGER = 'landfall-restart'

export interface RestartOptions extends AwaitOptions {
  holder: Holder
  /** Services that restart; all that keep running if there are none. */
  services: readonly string[]
  /** Milliseconds since 1970. */
  now: number
}

/** A service cannot be restarted. */
export class NotRestartableError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'NotRestartableError'
  }
}

/**
 * Which workloads restart, in rounds: those that are named, then those that restart with them, each when all that it restarts with are ready again.
 * Throws a NoServiceError, and a {@link NotRestartableError} for a one-shot.
 */
export function restartRounds(members: Members, services: readonly string[]): string[][] {
  const named = findMembers(members, services)
  for (const { service, workload } of named)
    if (workload.kind === 'Job')
      throw new NotRestartableError(
        `${service} is a one-shot: it runs again when \`landfall up\` deploys it with a change`,
      )
  const running = members.workloads.filter(({ kind }) => kind !== 'Job')
  const chosen = new Set(services.length === 0 ? running.map(objectId) : named.map(workloadOf))
  const before = new Map(running.map((one) => [objectId(one), restartsWith(one, members)]))
  for (let grown = true; grown; ) {
    grown = false
    for (const [object, targets] of before)
      if (!chosen.has(object) && targets.some((target) => chosen.has(target))) {
        chosen.add(object)
        grown = true
      }
  }
  const rounds: string[][] = []
  let rest = [...chosen]
  while (rest.length > 0) {
    const left = new Set(rest)
    const free = rest.filter((object) => !(before.get(object) ?? []).some((one) => left.has(one)))
    // those that restart with each other do so together
    const round = free.length > 0 ? free : rest
    rounds.push(round)
    rest = rest.filter((object) => !round.includes(object))
  }
  return rounds
}

function restartsWith(workload: KubeObject, { members }: Members): string[] {
  const keys = workload.metadata.annotations?.[RESTARTS_WITH_ANNOTATION]?.split(',') ?? []
  const own = objectId(workload)
  return members
    .filter(({ service }) => keys.includes(service))
    .map(workloadOf)
    .filter((object) => object !== own)
}

/**
 * Replaces the pods of services in the way of their workloads, and of those that restart with them, and waits until they are ready again. Holds the
 * release meanwhile. Throws as `deployRelease`, and as {@link restartRounds} before anything is changed.
 */
export async function restartRelease(options: RestartOptions, before: Members): Promise<Verdict> {
  const { holder, services, now, timeoutMs, signal, onEvent = () => {} } = options
  const { reference } = before
  const clock = options.clock ?? machineClock
  const beganAt = clock.now()
  restartRounds(before, services)
  const deadline = timeoutMs === undefined ? undefined : { at: beganAt + timeoutMs, timeoutMs }
  const conclude = (verdict: Verdict): Verdict => {
    if (verdict.failure !== undefined) onEvent({ type: 'failed', failure: verdict.failure })
    onEvent({ type: 'verdict', verdict })
    return verdict
  }
  const hold = await holdRelease({
    client: options.client,
    reference,
    holder,
    onEvent,
    ...(signal && { signal }),
  }).catch((error) => {
    if (error instanceof LeaseForbiddenError) return notAllowed(error)
    throw error
  })
  if (hold !== undefined && 'code' in hold)
    return conclude({ state: 'failed', failure: hold, addresses: [], ms: 0 })
  if (hold === undefined) throw new NotRestartableError(`namespace ${reference.namespace} is gone`)
  try {
    const both = AbortSignal.any([hold.signal, ...(signal ? [signal] : [])])
    const held = heldClient(options.client, hold)
    const client = patientClient(held, clock, both)
    // another command may have changed the release until now
    const members = (await readMembers(client, reference, both)) ?? before
    const rounds = restartRounds(members, services)
    const byId = new Map(members.workloads.map((workload) => [objectId(workload), workload]))
    const done: string[] = []
    let settled = { addresses: [], watchedMs: 0 } as Awaited<ReturnType<typeof settle>>
    for (const round of rounds) {
      for (const object of round) {
        const workload = byId.get(object) as KubeObject
        if (!(isKept(workload, done, members) && (await wasKept(client, workload, clock, both))))
          await client.apply(restarted(workload, now), {
            signal: both,
            fieldManager: RESTART_MANAGER,
          })
        onEvent({ type: 'apply', object, verb: 'update' })
      }
      done.push(...round)
      settled = await settle(
        { ...options, client: held, clock, onEvent, signal: both },
        members,
        done,
        deadline,
      )
      if (settled.failure !== undefined) break
    }
    return conclude(verdictOf(settled, clock.now() - beganAt))
  } finally {
    await hold.end().catch(() => {})
  }
}

/** Whether the keeper of the release restarts a workload for one of those that have restarted. */
function isKept(
  { metadata }: KubeObject,
  restarted: readonly string[],
  { members }: Members,
): boolean {
  const names = metadata.annotations?.[KEPT_WITH_ANNOTATION]?.split(',') ?? []
  return members.some((one) => names.includes(one.service) && restarted.includes(workloadOf(one)))
}

/** Waits until the keeper has restarted a workload; false if it does not, because it is away. */
async function wasKept(
  client: Pick<KubeClient, 'get'>,
  before: KubeObject,
  clock: Clock,
  signal: AbortSignal,
): Promise<boolean> {
  const { apiVersion, kind, metadata } = before
  const { name, namespace } = metadata
  const at = (object: KubeObject | undefined) =>
    object?.spec?.template?.metadata?.annotations?.[RESTARTED_AT]
  for (const end = clock.now() + KEEPER_MS; clock.now() < end; await clock.sleep(500, signal)) {
    const reference = { apiVersion, kind, name, ...(namespace !== undefined && { namespace }) }
    if (at(await client.get(reference, signal)) !== at(before)) return true
  }
  return false
}

/** The one field, of this object and no other of its name. */
function restarted({ apiVersion, kind, metadata }: KubeObject, now: number): KubeObject {
  const { name, namespace, uid } = metadata
  const annotations = { [RESTARTED_AT]: new Date(now).toISOString() }
  return {
    apiVersion,
    kind,
    metadata: { name, ...(namespace !== undefined && { namespace }), uid },
    spec: { template: { metadata: { annotations } } },
  }
}

function notAllowed({ object, message, hint }: LeaseForbiddenError): Failure {
  return { object, code: 'deploy/forbidden', reason: 'Forbidden', message, hint }
}
