import {
  type KindReference,
  type KubeClient,
  type KubeObject,
  type ObjectReference,
  objectId,
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
  return configMap === undefined ? undefined : JSON.parse(configMap.data.inventory)
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
