import {
  AnswerError,
  isRefusal,
  type KubeClient,
  type KubeObject,
  machineClock,
  objectId,
  StatusError,
} from '@landfall/kube'
import type { DeployEvent } from '../events.ts'
import {
  COMMAND_ANNOTATION,
  describeHolder,
  isHeld,
  LEASE_SECONDS,
  LeaseForbiddenError,
  leaseReference,
  microTime,
  TakenOverError,
} from './lease.ts'
import { RELEASE_LABEL, type ReleaseReference } from './release.ts'

const RENEW_MS = 5_000

/** Leases are about other machines: their time is no argument. */
const clock = machineClock

/** A holder writes nothing without renewing first when its last renewal began so long ago: well before another one may take over. */
const TRUSTED_MS = 12_000

const POLL_MS = 1_000

/** The pause before a Lease that another command has taken meanwhile, or that was just made, is read again. */
const AGAIN_MS = 200

/** So often in a row a Lease is free when it is read and taken when it is written; a server that keeps no Leases answers like that for ever. */
const MOST_MISSES = 15

/** A server that is away does not learn that the release is free, and the Lease ends by itself. */
const END_MS = 10_000

/** Who changes a release. */
export interface Holder {
  /** Unique on all machines and for all time, and readable: `anna@laptop/4711/…`. */
  identity: string
  /** `up` */
  command: string
  /** Whether it is known for certain that another holder has ended: it is not waited for then. Not known for anyone if omitted. */
  hasEnded?: (identity: string) => boolean
}

/** The right to change a release, until `end`. */
export interface Hold {
  /** Throws a {@link TakenOverError} if another one holds the release; renews if that is not certain. Called before each write. */
  confirm(): Promise<void>
  /** Aborted, with a {@link TakenOverError}, when another one has taken over. */
  signal: AbortSignal
  /** Gives the release free for the next one; `delete` removes the Lease as well. */
  end(how?: 'delete'): Promise<void>
}

export interface HoldOptions {
  client: KubeClient
  reference: ReleaseReference
  holder: Holder
  onEvent: (event: DeployEvent) => void
  signal?: AbortSignal
}

/**
 * Waits until no other command changes the release, and holds it from then on. Undefined if the namespace is missing or being deleted.
 * A holder that has stopped renewing is replaced: https://kubernetes.io/docs/concepts/architecture/leases/. Its clock does not matter, a
 * Lease counts as abandoned when it has not changed for its time here, or by the time of the API server. Throws a LeaseForbiddenError for an
 * account that may not hold it.
 */
export async function holdRelease(options: HoldOptions): Promise<Hold | undefined> {
  const { client, reference, holder, onEvent, signal } = options
  const lease = leaseReference(reference)
  let seen = { version: '', at: clock.now() }
  let reported = ''
  let misses = 0
  for (;;) {
    signal?.throwIfAborted()
    const began = moment()
    const found = await client.get(lease, signal).catch((error) => {
      throw LeaseForbiddenError.from(lease, error)
    })
    const version = found?.metadata.resourceVersion as string | undefined
    if (version !== undefined && version !== seen.version) seen = { version, at: clock.now() }
    if (isFree(found, holder, clock.now() - seen.at, client.serverTime())) {
      const taken = await take(options, found)
      if (taken === 'no namespace') return undefined
      if (taken !== 'too late') return heldRelease(options, taken, began)
      if (++misses > MOST_MISSES)
        throw new AnswerError('that the Lease was written, and does not have it')
      if (misses > 1) await clock.sleep(AGAIN_MS, signal)
      continue
    }
    misses = 0
    const message = `${describeHolder(found as KubeObject)} is changing the release; waiting for its end`
    if (message !== reported) onEvent({ type: 'wait', object: objectId(lease), message })
    reported = message
    await clock.sleep(POLL_MS, signal)
  }
}

/** A client whose writes are made by the holder of the release alone. */
export function heldClient(client: KubeClient, hold: Hold): KubeClient {
  return {
    ...client,
    async apply(object, options) {
      await hold.confirm()
      return client.apply(object, options)
    },
    async create(object, signal) {
      await hold.confirm()
      return client.create(object, signal)
    },
    async removeFields(object, pointers, signal) {
      await hold.confirm()
      return client.removeFields(object, pointers, signal)
    },
    async delete(object, options) {
      await hold.confirm()
      return client.delete(object, options)
    },
  }
}

function isFree(
  lease: KubeObject | undefined,
  holder: Holder,
  unchangedMs: number,
  serverTime: number | undefined,
): boolean {
  const { leaseDurationSeconds = LEASE_SECONDS } = lease?.spec ?? {}
  return !isHeld(lease, serverTime, holder.hasEnded) || unchangedMs > leaseDurationSeconds * 1_000
}

/** Makes or changes the Lease, unless somebody else has done so since it was read. */
async function take(
  { client, reference, holder, signal }: Omit<HoldOptions, 'onEvent'>,
  found: KubeObject | undefined,
): Promise<KubeObject | 'too late' | 'no namespace'> {
  const now = microTime(client.serverTime())
  const { apiVersion, kind, name, namespace } = leaseReference(reference)
  const labels = { [RELEASE_LABEL]: reference.release }
  const free: KubeObject = {
    apiVersion,
    kind,
    metadata: { name, namespace: namespace as string, labels },
  }
  const wanted: KubeObject = {
    ...free,
    metadata: { ...free.metadata, annotations: { [COMMAND_ANNOTATION]: holder.command } },
    spec: {
      holderIdentity: holder.identity,
      leaseDurationSeconds: LEASE_SECONDS,
      acquireTime: now,
      renewTime: now,
      leaseTransitions: (found?.spec?.leaseTransitions ?? -1) + 1,
    },
  }
  try {
    // without a spec, which then belongs to server-side apply alone
    if (found === undefined) {
      await client.create(free, signal)
      return 'too late'
    }
    return (await client.apply(atVersionOf(wanted, found), { signal })).object
  } catch (error) {
    if (['AlreadyExists', 'Conflict'].some((one) => isRefusal(error, one))) return 'too late'
    if (isRefusal(error, 'NotFound') && found !== undefined) return 'too late'
    if (isNamespaceMissing(error)) return 'no namespace'
    if (error instanceof StatusError && /being terminated/.test(error.status.message ?? ''))
      return 'no namespace'
    throw LeaseForbiddenError.from(leaseReference(reference), error)
  }
}

/** `namespaces "shop" not found`; a cluster can also have no Leases at all. */
function isNamespaceMissing(error: unknown): boolean {
  return isRefusal(error, 'NotFound') && /\bnamespaces? "/.test((error as StatusError).message)
}

/** The object, which is applied only if that one has not changed since it was read. */
function atVersionOf(object: KubeObject, read: KubeObject): KubeObject {
  const { uid, resourceVersion } = read.metadata
  return { ...object, metadata: { ...object.metadata, uid, resourceVersion } }
}

function heldRelease(options: HoldOptions, taken: KubeObject, began: Moment): Hold {
  const { client, reference, holder } = options
  const over = new AbortController()
  const lost = new AbortController()
  let lease = taken
  let renewedAt = began
  let renewing: Promise<void> | undefined

  const lose = (found: KubeObject | undefined): never => {
    const error = new TakenOverError(found)
    lost.abort(error)
    throw error
  }
  const renew = async (attempts = 3): Promise<void> => {
    const from = moment()
    const { apiVersion, kind, metadata, spec } = lease
    const { name, namespace, labels, annotations } = metadata
    const same = { apiVersion, kind, metadata: { name, namespace, labels, annotations } }
    const renewTime = microTime(client.serverTime())
    try {
      const wanted = { ...same, spec: { ...spec, renewTime } } as KubeObject
      lease = (await client.apply(atVersionOf(wanted, lease), { signal: over.signal })).object
      renewedAt = from
    } catch (error) {
      if (!['Conflict', 'NotFound'].some((one) => isRefusal(error, one))) throw error
      // a renewal whose answer was lost has changed it as well
      const found = await client.get(leaseReference(reference), over.signal)
      if (found?.spec?.holderIdentity !== holder.identity) return lose(found)
      lease = found
      if (attempts <= 1) throw error
      await renew(attempts - 1)
    }
  }
  /** One renewal at a time: two would refuse each other. */
  const renewOnce = (): Promise<void> => {
    renewing ??= renew().finally(() => {
      renewing = undefined
    })
    return renewing
  }
  const keepRenewing = async (): Promise<void> => {
    while (!over.signal.aborted && !lost.signal.aborted) {
      await clock.sleep(RENEW_MS, over.signal).catch(() => {})
      // a server that is away is asked again, by this loop or before the next write
      if (!over.signal.aborted) await renewOnce().catch(() => {})
    }
  }
  void keepRenewing()

  return {
    signal: lost.signal,
    async confirm() {
      lost.signal.throwIfAborted()
      if (passedSince(renewedAt) > TRUSTED_MS) await renewOnce()
    },
    async end(how) {
      over.abort()
      await renewing?.catch(() => {})
      if (lost.signal.aborted) return
      const signal = AbortSignal.timeout(END_MS)
      const { apiVersion, kind, metadata } = lease
      const { name, namespace, labels } = metadata
      if (how === 'delete') {
        await client.delete(leaseReference(reference), { uid: metadata.uid as string, signal })
        return
      }
      const free = { apiVersion, kind, metadata: { name, namespace, labels }, spec: {} }
      await client.apply(atVersionOf(free as KubeObject, lease), { signal }).catch((error) => {
        if (!['Conflict', 'NotFound'].some((one) => isRefusal(error, one))) throw error
      })
    },
  }
}

/** A moment on a clock that stands while the machine sleeps, and on one that can be set. */
interface Moment {
  steady: number
  wall: number
}

function moment(): Moment {
  return { steady: clock.now(), wall: Date.now() }
}

/** The larger of both, in milliseconds: a machine that slept has not renewed. */
function passedSince({ steady, wall }: Moment): number {
  return Math.max(clock.now() - steady, Date.now() - wall)
}
