import {
  type Clock,
  type KubeClient,
  type KubeObject,
  objectId,
  type ReleaseChecks,
  SOURCE_ANNOTATION,
  type Upload,
} from '@landfall/kube'
import { type ProbeAddress, type ReachPort, releaseAddresses } from '../answers/addresses.ts'
import { connectionsOf } from '../answers/connections.ts'
import { execute, OperationError } from '../apply/execute.ts'
import { type Observed, observe } from '../apply/observe.ts'
import { patientClient } from '../apply/patiently.ts'
import { type DeployPlan, type OthersFields, planDeploy } from '../apply/plan.ts'
import { refusal } from '../apply/refusal.ts'
import { restartStuck } from '../apply/restart-stuck.ts'
import { ownersOf } from '../assess/roots.ts'
import { conflictFailure } from '../drift/conflict-failure.ts'
import { withoutScaledReplicas } from '../drift/scaled.ts'
import { doneEffectsOf, untestedReason } from '../effects/done-effects.ts'
import type { DeployEvent, Failure, Verdict } from '../events.ts'
import { type Hold, heldClient } from '../release/hold.ts'
import { isWorkload } from '../release/kind-order.ts'
import type { ReleaseReference } from '../release/release.ts'
import { servicesWithoutMetrics } from '../scale/without-metrics.ts'
import { CopyError, copyTrees } from '../storage/copy-trees.ts'
import { readKeptFiles } from '../storage/kept-files.ts'
import { notCopied } from '../storage/not-copied.ts'
import type { Heartbeat } from '../wait/heartbeat.ts'
import { waitUntilSettled } from '../wait/wait.ts'
import { abortAfter } from './abort-after.ts'

/** What a release becomes: complete objects as they are applied, and trees that are copied into claims for them. */
export interface Wanted {
  objects: KubeObject[]
  uploads: Upload[]
}

/** When a deploy is given up, by its clock, and after how long that is, in milliseconds. */
export interface Deadline {
  at: number
  timeoutMs: number
}

export interface AttemptOptions {
  client: KubeClient
  hold: Hold
  /** Whether the API server answers, as it is reported during the whole command. */
  server: Heartbeat
  reference: ReleaseReference
  /** The namespace was made just now. */
  made: boolean
  /** Kinds that {@link AttemptOptions.want} needs to see. */
  kinds: readonly { apiVersion: string; kind: string }[]
  want: (observed: Observed, client: KubeClient) => Wanted | Promise<Wanted>
  /** Called before the first change, with what will be the revision. */
  onPlan: (plan: DeployPlan, wanted: Wanted, client: KubeClient) => Promise<void>
  /** What has to hold when everything is ready. */
  checks?: ReleaseChecks
  /** Whether the last revision has other checks: then it is another revision, even if its objects are the same. */
  otherChecks?: boolean
  /** Jobs of so many revisions stay. */
  jobRevisions: number
  othersFields: OthersFields
  onEvent: (event: DeployEvent) => void
  probeAddress?: ProbeAddress
  checkImage?: string
  hosts?: readonly string[]
  reachPort?: ReachPort
  deadline?: Deadline
  /** A program that has done its work and may end is a failure like any other. */
  completedFails?: boolean
  signal?: AbortSignal
  clock: Clock
}

/** How an attempt ended. */
export interface Outcome extends Omit<Verdict, 'ms'> {
  /** Whether anything in the cluster may have changed. */
  touched: boolean
}

/**
 * Makes the namespace hold the wanted objects and nothing else of the release, and waits until they run and stay up, or something has failed for
 * good. Throws a StatusError or ConnectionError when the cluster cannot be read, the signal's reason, and a TakenOverError.
 */
export async function attempt(options: AttemptOptions): Promise<Outcome> {
  const { reference, hold, onEvent, clock, deadline } = options
  const { namespace } = reference
  const given = AbortSignal.any([hold.signal, ...(options.signal ? [options.signal] : [])])
  const late = abortAfter(deadline && Math.max(0, deadline.at - clock.now()), clock)
  const signal = AbortSignal.any([late.signal, given])
  const over = new AbortController()
  let touched = false
  const fail = (failure: Failure): Outcome => ({
    state: 'failed',
    failure,
    addresses: [],
    touched,
  })
  let doing = `reading what is in namespace ${namespace}`
  try {
    const client = patientClient(heldClient(options.client, hold), clock, signal)
    const observed = await observe(client, reference, options.kinds, signal)
    const before = options.made ? { ...observed, namespace: 'absent' as const } : observed
    const asked = await options.want(before, client)
    const wanted = {
      ...asked,
      objects: await withoutScaledReplicas(client, namespace, asked.objects, before.live, signal),
    }
    const plan = planDeploy(wanted.objects, before, reference, options)
    const operations = plan.operations.map(({ id, object, verb, cause }) => ({
      id,
      object,
      verb,
      cause,
    }))
    onEvent({ type: 'plan', operations })
    const [foreign] = plan.foreign
    if (foreign !== undefined) return fail(notOurs(foreign, namespace))
    const conflict = conflictFailure(plan.conflicts)
    if (conflict !== undefined) return fail(conflict)
    if (plan.added.length > 0) onEvent({ type: 'added', fields: plan.added })
    doing = 'applying the objects'
    await options.onPlan(plan, wanted, client)
    touched = operations.some(({ verb }) => verb !== 'unchanged' && verb !== 'keep')
    await execute({
      client,
      plan,
      before: observed.inventory,
      reference,
      onEvent,
      clock,
      signal,
    })
    return {
      ...(await settle(options, client, wanted, { signal, given, over: over.signal })),
      touched,
    }
  } catch (error) {
    hold.signal.throwIfAborted()
    if (late.signal.aborted && !options.signal?.aborted)
      return fail(notInTime(deadline?.timeoutMs, namespace, doing, options.server.lost()))
    if (error instanceof CopyError) return fail(notCopied(error, namespace))
    const failure = error instanceof OperationError ? refusal(error) : undefined
    if (failure === undefined) throw error instanceof OperationError ? error.cause : error
    return fail(failure)
  } finally {
    over.abort()
    late.cancel()
  }
}

interface Times {
  /** Aborted when the time is up as well. */
  signal: AbortSignal
  given: AbortSignal
  over: AbortSignal
}

/** Waits until everything runs, while trees are copied. */
async function settle(
  options: AttemptOptions,
  client: KubeClient,
  { objects, uploads }: Wanted,
  { signal, given, over }: Times,
): Promise<Omit<Outcome, 'touched'>> {
  const { reference, server, onEvent, clock, deadline } = options
  const { probeAddress, hosts, reachPort, checkImage } = options
  const { namespace, release } = reference
  const workloads = objects.filter(isWorkload)
  const names = workloads.map(objectId)
  await restartStuck(client, namespace, names, onEvent, signal)
  const owners = ownersOf(workloads, objects)
  const probing = { client, release, namespace, hosts, reachPort, signal: given }
  const idle = new Set(workloads.filter(servesNobody).map(objectId))
  const stopCopying = new AbortController()
  const copied = copyTrees({
    client,
    namespace,
    uploads,
    onEvent,
    clock,
    signal: AbortSignal.any([signal, over, stopCopying.signal]),
  })
  const settled = await untilFailed(
    copied,
    waitUntilSettled({
      client,
      namespace,
      workloads: names,
      owners,
      server,
      probePublished:
        probeAddress === undefined
          ? undefined
          : async () => {
              const found = await releaseAddresses({ ...probing, probeAddress })
              return found.filter(({ publishedBy }) => !idle.has(owners.get(publishedBy) ?? ''))
            },
      ...(checkImage === undefined
        ? {}
        : {
            connections: { among: connectionsOf(objects), image: checkImage, reference },
            effects: { among: doneEffectsOf(objects), image: checkImage, reference },
          }),
      ...(options.checks && { checks: { ...options.checks, reference } }),
      onEvent,
      clock,
      deadline,
      signal: AbortSignal.any([over, given]),
    }),
  )
  stopCopying.abort()
  const { addresses, watchedMs, checks } = settled
  const { untested, unreachable } = settled
  const untestedEffects = settled.untestedEffects ?? untestedReason(objects)
  const failure = options.completedFails ? withoutCompleted(settled.failure) : settled.failure
  const checked = checks === undefined ? {} : { checks }
  for (const kept of await readKeptFiles(client, namespace, objects, await copied, given))
    onEvent({ type: 'kept', ...kept })
  if (failure !== undefined) return { state: 'failed', failure, addresses: [], ...checked }
  const withoutMetrics = await servicesWithoutMetrics(options.client, namespace, objects, given)
  return {
    state: 'ready',
    addresses: [...addresses],
    watchedMs,
    ...(withoutMetrics.length > 0 && { withoutMetrics }),
    ...(untested === undefined ? {} : { untested }),
    ...(untestedEffects === undefined ? {} : { untestedEffects }),
    ...(unreachable && { unreachable }),
    ...checked,
  }
}

function withoutCompleted(failure: Failure | undefined): Failure | undefined {
  if (failure === undefined) return undefined
  const { completed: _, ...rest } = failure
  return rest
}

/** The result of a wait, or the failure of what goes on at the same time. */
async function untilFailed<T>(work: Promise<unknown>, wait: Promise<T>): Promise<T> {
  const failed = work.then(() => new Promise<never>(() => {}))
  wait.catch(() => {})
  return Promise.race([wait, failed])
}

/** A workload whose published ports need not answer, because no program of it keeps running: a one-shot, or no replicas. */
function servesNobody({ kind, spec }: KubeObject): boolean {
  return kind === 'Job' || spec?.replicas === 0
}

function notOurs({ object, owner }: DeployPlan['foreign'][number], namespace: string): Failure {
  const source = object.metadata.annotations?.[SOURCE_ANNOTATION]
  return {
    object: objectId(object),
    code: 'deploy/foreign-object',
    reason: 'AlreadyExists',
    message: `${objectId(object)} exists in namespace ${namespace} and is owned by ${owner}`,
    hint: 'deploy into another namespace, or delete that object',
    ...(source === undefined ? {} : { source }),
  }
}

/** The failure of a time-out, with what was going on; `lost`: why the API server does not answer. */
export function notInTime(
  timeoutMs: number | undefined,
  namespace: string,
  doing: string,
  lost?: Error,
): Failure {
  return {
    object: `namespace/${namespace}`,
    code: 'deploy/not-ready',
    reason: `not ready after ${Math.round((timeoutMs ?? 0) / 1000)} s`,
    message:
      lost === undefined ? doing : `${doing}; the API server does not answer: ${lost.message}`,
  }
}
