import {
  AnswerError,
  type Clock,
  type KubeClient,
  type KubeObject,
  machineClock,
  objectId,
} from '@landfall/kube'
import { deleteAll, goneOrStuck } from './apply/delete-all.ts'
import { listKinds } from './apply/observe.ts'
import { patientClient } from './apply/patiently.ts'
import { namespaceKeptBy, type Undeleted } from './apply/undeleted.ts'
import type { DeployEvent } from './events.ts'
import { type Holder, heldClient, holdRelease } from './release/hold.ts'
import { EMPTY_INVENTORY, inventoryReference, readInventory } from './release/inventory.ts'
import { isWorkload } from './release/kind-order.ts'
import { leftovers } from './release/leftovers.ts'
import { isOwnNamespace, namespaceReference, readNamespace } from './release/namespace.ts'
import { NAMESPACE_COMES_AND_GOES } from './release/open.ts'
import { RELEASE_LABEL } from './release/release.ts'
import { REVISION_TYPE } from './release/revisions.ts'

const MOST_ATTEMPTS = 20

const AGAIN_MS = 200

export interface DownOptions {
  client: KubeClient
  release: string
  namespace: string
  /** Deletes the claims, and with them the data. */
  volumes?: boolean
  onEvent?: (event: DeployEvent) => void
  /** Who deletes, as other commands on the same release show it; a user of the library without a name if omitted. */
  holder?: Holder
  signal?: AbortSignal
  /** The machine's if omitted. */
  clock?: Clock
}

export interface DownReport {
  /** Object ids. */
  deleted: string[]
  /** Claims that stay with their data. */
  kept: string[]
  /** What was still there when nothing more had gone for minutes; then nothing else is deleted, and the next call continues. */
  undeleted: readonly Undeleted[]
  /** `foreign`: it was there before us. `inUse`: it holds what `left` names. */
  namespace: 'deleted' | 'absent' | 'foreign' | 'inUse'
  /** Object ids of what is not ours, or is kept, in a namespace that we made. */
  left: string[]
}

const SECRET = { apiVersion: 'v1', kind: 'Secret' }
const CLAIM = { apiVersion: 'v1', kind: 'PersistentVolumeClaim' }

/**
 * Removes everything that deploys of a release have made, and waits until it is gone, as long as something goes; claims only with
 * `volumes`.
 * The namespace goes with it when a deploy made it and it holds nothing else. If interrupted, it continues when run again.
 * Throws a TakenOverError when another command has taken over the release.
 */
export async function downRelease(options: DownOptions): Promise<DownReport> {
  for (let attempts = 0; attempts < MOST_ATTEMPTS; attempts++) {
    const report = await downOnce(options)
    if (report !== undefined) return report
    await (options.clock ?? machineClock).sleep(AGAIN_MS, options.signal)
  }
  throw new AnswerError(NAMESPACE_COMES_AND_GOES)
}

/** Undefined where the namespace has gone meanwhile. */
async function downOnce(options: DownOptions): Promise<DownReport | undefined> {
  const { release, namespace, onEvent = () => {} } = options
  const clock = options.clock ?? machineClock
  const client = patientClient(options.client, clock, options.signal)
  const reference = { release, namespace }
  const found = await readNamespace(options.client, namespace, options.signal)
  if (found === undefined) return absent()
  if (found.metadata.deletionTimestamp !== undefined) {
    const uid = found.metadata.uid as string
    const waiting = { client, clock, signal: options.signal }
    const stuck = await goneOrStuck(waiting, namespaceReference(namespace), uid)
    if (stuck === undefined) return absent()
    const undeleted = [{ object: objectId(found), by: namespaceKeptBy(stuck) }]
    return { ...absent(), undeleted, namespace: 'inUse' }
  }
  const holder = options.holder ?? { identity: `library/${crypto.randomUUID()}`, command: 'down' }
  const signal = options.signal === undefined ? {} : { signal: options.signal }
  const hold = await holdRelease({ client, reference, holder, onEvent, ...signal })
  if (hold === undefined) return undefined
  try {
    return await deleteRelease(
      { ...options, client: heldClient(client, hold), onEvent, clock },
      await readNamespace(client, namespace, options.signal),
      () => hold.end('delete'),
    )
  } finally {
    await hold.end().catch(() => {})
  }
}

function absent(): DownReport {
  return { deleted: [], kept: [], undeleted: [], namespace: 'absent', left: [] }
}

/** Deletes everything of a release that is held; `letGo` is called before its namespace is deleted, or when nothing else is to be done. */
async function deleteRelease(
  options: DownOptions & Required<Pick<DownOptions, 'onEvent' | 'clock'>>,
  found: KubeObject | undefined,
  letGo: () => Promise<void>,
): Promise<DownReport> {
  const { client, release, namespace, volumes = false, onEvent, clock, signal } = options
  const reference = { release, namespace }
  if (found === undefined) return absent()
  const inventory = (await readInventory(client, reference, signal)) ?? EMPTY_INVENTORY
  const kinds = [...inventory.entries, CLAIM, SECRET]
  const ours = [...(await listKinds(client, namespace, kinds, signal)).values()].filter(
    ({ metadata }) => metadata.labels?.[RELEASE_LABEL] === release,
  )
  const record = objectId(inventoryReference(reference))
  const claims = ours.filter(({ kind }) => kind === CLAIM.kind)
  const workloads = ours.filter(isWorkload)
  const revisions = ours.filter(({ type }) => type === REVISION_TYPE)
  const others = ours.filter(
    (object) =>
      !claims.includes(object) &&
      !revisions.includes(object) &&
      !isWorkload(object) &&
      objectId(object) !== record,
  )
  const deleted: string[] = []
  const onStep = (object: KubeObject, step: 'deleting' | 'gone') => {
    const id = objectId(object)
    if (step === 'deleting')
      return onEvent({ type: 'wait', object: id, message: 'is being deleted' })
    deleted.push(id)
    onEvent({ type: 'apply', object: id, verb: 'delete' })
  }
  const report = { deleted, kept: volumes ? [] : claims.map(objectId), undeleted: [] }
  for (const objects of [workloads, [...others, ...(volumes ? claims : [])]]) {
    const undeleted = await deleteAll({ client, namespace, clock, onStep, signal }, objects)
    // The inventory stays, so that the next `down` continues.
    if (undeleted.length > 0) return { ...report, undeleted, namespace: 'inUse', left: [] }
  }
  const silent = { client, namespace, clock, onStep: () => {}, signal }
  const undeleted = await deleteAll(silent, revisions)
  if (undeleted.length > 0) return { ...report, undeleted, namespace: 'inUse', left: [] }
  await client.delete(inventoryReference(reference), { signal })

  const left = isOwnNamespace(found, release)
    ? (await leftovers(client, namespace, signal)).map(objectId)
    : undefined
  if (left === undefined || left.length > 0) {
    await letGo()
    return { ...report, namespace: left === undefined ? 'foreign' : 'inUse', left: left ?? [] }
  }
  const uid = found.metadata.uid as string
  await client.delete(namespaceReference(namespace), { signal, uid })
  const stuck = await goneOrStuck({ client, clock, signal }, namespaceReference(namespace), uid)
  if (stuck !== undefined) {
    const kept = [{ object: objectId(found), by: namespaceKeptBy(stuck) }]
    return { ...report, undeleted: kept, namespace: 'inUse', left: [] }
  }
  onEvent({ type: 'apply', object: objectId(found), verb: 'delete' })
  return { ...report, namespace: 'deleted', left: [] }
}
