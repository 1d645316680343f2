import {
  type KindReference,
  type KubeClient,
  type KubeObject,
  type ObjectReference,
  objectId,
  StatusError,
  toDnsLabel,
} from '@landfall/kube'
import { RELEASE_LABEL, type ReleaseReference } from './release.ts'

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

/** Undefined when the release was never deployed, or was taken down. */
export async function readInventory(
  client: KubeClient,
  reference: ReleaseReference,
  signal?: AbortSignal,
): Promise<Inventory | undefined> {
  const configMap = await client.get(inventoryReference(reference), signal)
  return configMap === undefined ? undefined : parseInventory(configMap)
}

/** Users may edit ConfigMaps. Throws a StatusError for what Landfall has not written. */
function parseInventory({ metadata, data }: KubeObject): Inventory {
  const inventory = fromJson(data?.inventory)
  if (isInventory(inventory)) return inventory
  throw new StatusError({
    code: 422,
    reason: 'Invalid',
    message: `ConfigMap ${metadata.name} in namespace ${metadata.namespace} does not contain the inventory of a release`,
  })
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
