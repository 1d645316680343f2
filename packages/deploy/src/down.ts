import {
  type Clock,
  type KubeClient,
  type KubeObject,
  machineClock,
  objectId,
} from '@landfall/kube'
import { deleteAll, goneOrStuck } from './apply/delete-all.ts'
import { listKinds } from './apply/observe.ts'
import { namespaceKeptBy, type Undeleted } from './apply/undeleted.ts'
import type { DeployEvent } from './events.ts'
import { EMPTY_INVENTORY, inventoryReference, readInventory } from './release/inventory.ts'
import { isWorkload } from './release/kind-order.ts'
import { leftovers } from './release/leftovers.ts'
import { isOwnNamespace, namespaceReference, readNamespace } from './release/namespace.ts'
import { RELEASE_LABEL } from './release/release.ts'

export interface DownOptions {
  client: KubeClient
  release: string
  namespace: string
  /** Deletes the claims, and with them the data. */
  volumes?: boolean
  onEvent?: (event: DeployEvent) => void
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

const CLAIM = { apiVersion: 'v1', kind: 'PersistentVolumeClaim' }

/**
 * Removes everything that deploys of a release have made, and waits until it is gone, as long as something goes; claims only with
 * `volumes`.
 * The namespace goes with it when a deploy made it and it holds nothing else. If interrupted, it continues when run again.
 */
export async function downRelease(options: DownOptions): Promise<DownReport> {
  const { client, release, namespace, volumes = false, onEvent = () => {}, signal } = options
  const clock = options.clock ?? machineClock
  const found = await readNamespace(client, namespace, signal)
  if (found === undefined)
    return { deleted: [], kept: [], undeleted: [], namespace: 'absent', left: [] }

  const reference = { release, namespace }
  const inventory = (await readInventory(client, reference, signal)) ?? EMPTY_INVENTORY
  const kinds = [...inventory.entries, CLAIM]
  const ours = [...(await listKinds(client, namespace, kinds, signal)).values()].filter(
    ({ metadata }) => metadata.labels?.[RELEASE_LABEL] === release,
  )
  const record = objectId(inventoryReference(reference))
  const claims = ours.filter(({ kind }) => kind === CLAIM.kind)
  const workloads = ours.filter(isWorkload)
  const others = ours.filter(
    (object) => !claims.includes(object) && !isWorkload(object) && objectId(object) !== record,
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
  await client.delete(inventoryReference(reference), { signal })

  if (!isOwnNamespace(found, release)) return { ...report, namespace: 'foreign', left: [] }
  const left = (await leftovers(client, namespace, signal)).map(objectId)
  if (left.length > 0) return { ...report, namespace: 'inUse', left }
  const uid = found.metadata.uid as string
  await client.delete(namespaceReference(namespace), { signal, uid })
  const stuck = await goneOrStuck({ client, clock, signal }, namespaceReference(namespace), uid)
  if (stuck !== undefined) {
    const undeleted = [{ object: objectId(found), by: namespaceKeptBy(stuck) }]
    return { ...report, undeleted, namespace: 'inUse', left: [] }
  }
  onEvent({ type: 'apply', object: objectId(found), verb: 'delete' })
  return { ...report, namespace: 'deleted', left: [] }
}
