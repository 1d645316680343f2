import {
  isRefusal,
  type KindReference,
  type KubeClient,
  type KubeObject,
  type ObjectReference,
  objectId,
  toDnsLabel,
} from '@landfall/kube'
import {
  APPLIED_ANNOTATION,
  RELEASE_LABEL,
  REVISION_LABEL,
  type ReleaseReference,
} from './release.ts'

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
 * label of the release.
 */
export async function readInventory(
  client: KubeClient,
  reference: ReleaseReference,
  signal?: AbortSignal,
): Promise<Inventory | undefined> {
  const configMap = await client.get(inventoryReference(reference), signal)
  if (configMap === undefined) return undefined
  const inventory = fromJson(configMap.data?.inventory)
  return isInventory(inventory) ? inventory : rebuildInventory(client, reference, signal)
}

function fromJson(text: unknown): unknown {
  try {
    return JSON.parse(String(text))
  } catch {
    return undefined
  }
}

function isInventory(value: unknown): value is Inventory {
  const { revision, entries } = (value ?? {}) as Partial<Record<keyof Inventory, unknown>>
  return Number.isSafeInteger(revision) && Array.isArray(entries) && entries.every(isEntry)
}

function isEntry(value: unknown): value is InventoryEntry {
  const entry = (value ?? {}) as Partial<Record<keyof InventoryEntry, unknown>>
  const texts = [entry.apiVersion, entry.kind, entry.name]
  return Number.isSafeInteger(entry.revision) && texts.every((text) => typeof text === 'string')
}

/** From what a deploy has applied; what the cluster derived from it has the label at most. */
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
      // what this user may not list was not made by this user, and a kind that is gone has no objects
      const skipped = ['Forbidden', 'NotFound', 'MethodNotAllowed']
      if (!skipped.some((reason) => isRefusal(error, reason))) throw error
    }
  const numbers = found.map(({ metadata }) => Number(metadata.labels?.[REVISION_LABEL] ?? 0) || 0)
  const revision = Math.max(1, ...numbers)
  const entries = found
    .filter(({ metadata }) => metadata.annotations?.[APPLIED_ANNOTATION] !== undefined)
    .filter(({ metadata }) => metadata.ownerReferences === undefined)
    .map(({ apiVersion, kind, metadata: { name } }) => ({ apiVersion, kind, name, revision }))
  return { revision, entries }
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
