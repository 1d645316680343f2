import {
  type Clock,
  type KubeClient,
  type KubeObject,
  machineClock,
  objectId,
  SOURCE_ANNOTATION,
  type Upload,
} from '@landfall/kube'
import { abortAfter } from './abort-after.ts'
import { type ProbeAddress, type ReachPort, releaseAddresses } from './answers/addresses.ts'
import { connectionsOf } from './answers/connections.ts'
import { execute, OperationError, untilGone } from './apply/execute.ts'
import { observe } from './apply/observe.ts'
import { patientClient } from './apply/patiently.ts'
import { type DeployPlan, planDeploy } from './apply/plan.ts'
import { refusal } from './apply/refusal.ts'
import { restartCrashed } from './apply/restart-crashed.ts'
import { ownersOf } from './assess/roots.ts'
import type { DeployEvent, Failure, Verdict } from './events.ts'
import { kindsOfKey, withKeyedHashes } from './release/keyed-hashes.ts'
import { isWorkload } from './release/kind-order.ts'
import { namespaceReference, readNamespace } from './release/namespace.ts'
import { type ReleaseReference, releaseObject } from './release/release.ts'
import { CopyError, copyTrees } from './storage/copy-trees.ts'
import { readKeptFiles } from './storage/kept-files.ts'
import { notCopied } from './storage/not-copied.ts'
import { type ResetFiles, withResets } from './storage/reset-files.ts'
import { followServer } from './wait/heartbeat.ts'
import { waitUntilSettled } from './wait/wait.ts'

export interface DeployOptions {
  client: KubeClient
  /** Complete objects of any origin; their namespace is set here. */
  objects: readonly KubeObject[]
  /** Name of the release: the project's. */
  release: string
  namespace: string
  onEvent?: (event: DeployEvent) => void
  /** Probes a published address; if omitted, published ports are not probed. */
  probeAddress?: ProbeAddress
  /** An image with sh and curl, in which it is tested inside the cluster whether services answer; if omitted, that is not tested. */
  checkImage?: string
  /** Names or addresses of the nodes as they are reached from here; by default those that the cluster reports. */
  hosts?: readonly string[]
  /** Ways to published ports that the cluster does not report itself. */
  reachPort?: ReachPort
  /** Trees that are copied into claims for the pods that wait for them. */
  uploads?: readonly Upload[]
  /** Files in volumes that become again what the project has. */
  resetFiles?: ResetFiles
  /** Gives up so many milliseconds after the first request; never if omitted. */
  timeoutMs?: number
  signal?: AbortSignal
  /** The machine's if omitted. */
  clock?: Clock
}

/**
 * Makes a namespace hold exactly this release, and waits until it runs and stays up, or something has failed for good.
 * A verdict reports both. Throws a StatusError or ConnectionError when the cluster cannot be read, and the signal's reason
 * when it is aborted; running it again continues from there.
 */
export async function deployRelease(options: DeployOptions): Promise<Verdict> {
  const { release, namespace, onEvent = () => {}, timeoutMs } = options
  const clock = options.clock ?? machineClock
  const { now } = clock
  const reference = { release, namespace }
  const beganAt = now()
  const conclude = (verdict: Omit<Verdict, 'ms'>): Verdict => {
    const ms = Math.round(now() - beganAt - (verdict.watchedMs ?? 0))
    const whole = { ...verdict, ms }
    if (whole.failure?.completed !== undefined)
      onEvent({ type: 'completed', sources: whole.failure.completed })
    else if (whole.failure !== undefined) onEvent({ type: 'failed', failure: whole.failure })
    onEvent({ type: 'verdict', verdict: whole })
    return whole
  }
  const fail = (failure: Failure) => conclude({ state: 'failed', failure, addresses: [] })
  const late = abortAfter(timeoutMs, clock)
  const signal = AbortSignal.any([late.signal, ...(options.signal ? [options.signal] : [])])
  const over = new AbortController()
  const server = followServer(
    options.client,
    namespace,
    onEvent,
    clock,
    AbortSignal.any([signal, over.signal]),
  )
  let doing = `reading namespace ${namespace}`
  try {
    // a server that cannot be reached at all is not waited for
    const found = await readNamespace(options.client, namespace, signal)
    const client = patientClient(options.client, clock, signal)
    doing = `an earlier namespace ${namespace} is still being deleted (kubectl get namespace ${namespace} -o yaml shows what holds it)`
    await awaitEndOfNamespace(client, found, onEvent, clock, signal)
    doing = `reading what is in namespace ${namespace}`
    const { objects: given, uploads: sent = [] } = options
    const observed = await observe(
      client,
      reference,
      [...given, ...kindsOfKey(given, sent)],
      signal,
    )
    const { objects, uploads, key } = withKeyedHashes(given, sent, observed.live, reference)
    const reset = withResets(objects, observed.live, options.resetFiles)
    const desired = await releaseObjects(client, reset, reference, key)
    const plan = planDeploy(desired, observed, reference)
    onEvent({
      type: 'plan',
      operations: plan.operations.map(({ id, object, verb, cause }) => ({
        id,
        object,
        verb,
        cause,
      })),
    })
    const [foreign] = plan.foreign
    if (foreign !== undefined) return fail(notOurs(foreign, namespace))
    doing = 'applying the objects'
    await execute({
      client,
      plan,
      before: observed.inventory,
      reference,
      onEvent,
      clock,
      signal,
    })
    const workloads = desired.filter(isWorkload)
    const names = workloads.map(objectId)
    await restartCrashed(client, namespace, names, onEvent, signal)
    const { probeAddress, hosts, reachPort, checkImage } = options
    const owners = ownersOf(workloads, desired)
    const probing = { client, release, namespace, hosts, reachPort, signal: options.signal }
    const idle = new Set(workloads.filter(servesNobody).map(objectId))
    const stopCopying = new AbortController()
    const copied = copyTrees({
      client,
      namespace,
      uploads,
      onEvent,
      clock,
      signal: AbortSignal.any([signal, over.signal, stopCopying.signal]),
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
          : { connections: { among: connectionsOf(desired), image: checkImage, reference } }),
        onEvent,
        clock,
        deadline: timeoutMs === undefined ? undefined : { at: beganAt + timeoutMs, timeoutMs },
        signal: AbortSignal.any([over.signal, ...(options.signal ? [options.signal] : [])]),
      }),
    )
    stopCopying.abort()
    const { failure, addresses, watchedMs, untested } = settled
    for (const kept of await readKeptFiles(
      client,
      namespace,
      desired,
      await copied,
      options.signal,
    ))
      onEvent({ type: 'kept', ...kept })
    return failure === undefined
      ? conclude({
          state: 'ready',
          addresses: [...addresses],
          watchedMs,
          ...(untested === undefined ? {} : { untested }),
        })
      : fail(failure)
  } catch (error) {
    if (late.signal.aborted && !options.signal?.aborted)
      return fail({
        object: `namespace/${namespace}`,
        code: 'deploy/not-ready',
        reason: `not ready after ${Math.round((timeoutMs ?? 0) / 1000)} s`,
        message: doing,
      })
    if (error instanceof CopyError) return fail(notCopied(error, namespace))
    const failure = error instanceof OperationError ? refusal(error) : undefined
    if (failure === undefined) throw error instanceof OperationError ? error.cause : error
    return fail(failure)
  } finally {
    over.abort()
    late.cancel()
  }
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

async function releaseObjects(
  client: KubeClient,
  objects: readonly KubeObject[],
  reference: ReleaseReference,
  key: Uint8Array | undefined,
): Promise<KubeObject[]> {
  return Promise.all(
    objects.map(async (object) =>
      releaseObject(object, reference, await client.isNamespaced(object), key),
    ),
  )
}

/** A namespace that is still being deleted takes nothing in. */
async function awaitEndOfNamespace(
  client: KubeClient,
  found: KubeObject | undefined,
  onEvent: (event: DeployEvent) => void,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  if (found?.metadata.deletionTimestamp === undefined) return
  const reference = namespaceReference(found.metadata.name)
  const message = 'an earlier namespace of this name is still being deleted'
  onEvent({ type: 'wait', object: objectId(reference), message })
  await untilGone(client, reference, found.metadata.uid as string, clock, signal)
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
