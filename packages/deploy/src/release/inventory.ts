import {
  type KindReference,
  type KubeClient,
  type KubeObject,
  type ObjectReference,
  objectId,
  StatusError,
  toDnsLabel,
} from '@landfall/kube'
import { RELEASE_LABEL, REVISION_LABEL, type ReleaseReference } from './release.ts'

/** What a release has in the cluster; kept in the cluster, so that any machine can continue from there. */
export interface Inventory {
  /** Counts the deploys that changed something. */
  revision: number
  entries: InventoryEntry[]
}

/** One object, with the last revision that contained it. */
export interface InventoryEntry extends KindReference {
  name: string
  revision: number
}

export const EMPTY_INVENTORY: Inventory = { revision: 0, entries: [] }

/** The ConfigMap that holds the inventory of a release. */
export function inventoryReference({ release, namespace }: ReleaseReference): ObjectReference {
  const name = toDnsLabel(`landfall-release-${release}`)
  return { apiVersion: 'v1', kind: 'ConfigMap', name, namespace }
}

/** Key of an entry: kinds of different groups can share a name. */
export function entryKey(entry: KindReference & { name: string }): string {
  return `${entry.apiVersion} ${objectId(entry)}`
}

/** Key of an object, equal to that of its entry. */
export function objectKey({ apiVersion, kind, metadata }: KubeObject): string {
  return entryKey({ apiVersion, kind, name: metadata.name })
}

/**
 * Undefined when the release was never deployed, or was taken down. An inventory that somebody has damaged is made again from what carries the
 * label of the release: kinds that no deploy of today makes are not among it.
 */
export async function readInventory(
  client: KubeClient,
  reference: ReleaseReference,
  signal?: AbortSignal,
): Promise<Inventory | undefined> {
  const configMap = await client.get(inventoryReference(reference), signal)
  if (configMap === undefined) return undefined
  return parseInventory(configMap.data?.inventory) ?? rebuildInventory(client, reference, signal)
}

/** Undefined for anything that is no inventory. */
function parseInventory(text: unknown): Inventory | undefined {
  try {
    const { revision, entries } = JSON.parse(String(text))
    const isWhole = ({ apiVersion, kind, name, revision }: InventoryEntry) =>
      [apiVersion, kind, name].every((field) => typeof field === 'string') &&
      Number.isInteger(revision)
    return Number.isInteger(revision) && entries.every(isWhole) ? { revision, entries } : undefined
  } catch {
    return undefined
  }
}

async function rebuildInventory(
  client: KubeClient,
  { release, namespace }: ReleaseReference,
  signal?: AbortSignal,
): Promise<Inventory> {
  const labelSelector = `${RELEASE_LABEL}=${release}`
  const found: KubeObject[] = []
  for (const kind of await client.listableKinds())
    try {
      found.push(...(await client.list({ ...kind, namespace }, { labelSelector, signal })).items)
    } catch (error) {
      // what this user may not list was not made by this user
      if (!(error instanceof StatusError)) throw error
    }
  const record = inventoryReference({ release, namespace }).name
  const own = found.filter((object) => isDeployed(object) && object.metadata.name !== record)
  const revision = Math.max(
    1,
    ...found.map(({ metadata }) => Number(metadata.labels?.[REVISION_LABEL] ?? 0) || 0),
  )
  return {
    revision,
    entries: own.map(({ apiVersion, kind, metadata: { name } }) => ({
      apiVersion,
      kind,
      name,
      revision,
    })),
  }
}

/** Not what the cluster derives from our objects, and not our own records. */
function isDeployed({ kind, metadata }: KubeObject): boolean {
  return (
    metadata.ownerReferences === undefined &&
    metadata.labels?.[REVISION_LABEL] === undefined &&
    kind !== 'Lease'
  )
}

export async function writeInventory(
  client: KubeClient,
  reference: ReleaseReference,
  inventory: Inventory,
  signal?: AbortSignal,
): Promise<void> {
  const { apiVersion, kind, name, namespace } = inventoryReference(reference)
  await client.apply(
    {
      apiVersion,
      kind,
      metadata: {
        name,
        namespace: namespace as string,
        labels: { [RELEASE_LABEL]: reference.release },
      },
      data: { inventory: JSON.stringify(inventory) },
    },
    { signal },
  )
}
