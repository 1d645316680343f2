import { isRefusal, type KindReference, type KubeClient, type KubeObject } from '@landfall/kube'
import { EMPTY_INVENTORY, type Inventory, objectKey, readInventory } from '../release/inventory.ts'
import { readNamespace } from '../release/namespace.ts'
import type { ReleaseReference } from '../release/release.ts'
import { TEMPLATE_KINDS } from './configuration-in-use.ts'

/** What is there before anything is done. */
export interface Observed {
  namespace: 'absent' | 'there'
  inventory: Inventory
  /** Objects of the kinds that matter, also those of others, by inventory key. */
  live: ReadonlyMap<string, KubeObject>
}

/** Reads the inventory and every object of the kinds that it or the new objects name: one list a kind. */
export async function observe(
  client: KubeClient,
  reference: ReleaseReference,
  desired: readonly KindReference[],
  signal?: AbortSignal,
): Promise<Observed> {
  const { namespace } = reference
  if ((await readNamespace(client, namespace, signal)) === undefined)
    return { namespace: 'absent', inventory: EMPTY_INVENTORY, live: new Map() }
  const inventory = (await readInventory(client, reference, signal)) ?? EMPTY_INVENTORY
  const live = await listKinds(client, namespace, [...desired, ...inventory.entries], signal)
  const isConfigured = inventory.entries.some(({ kind }) => /^(ConfigMap|Secret)$/.test(kind))
  for (const [key, object] of isConfigured
    ? await listKinds(client, namespace, TEMPLATE_KINDS, signal)
    : [])
    live.set(key, object)
  return { namespace: 'there', inventory, live }
}

/** Every object of these kinds in a namespace, by inventory key; a kind that the cluster does not have has none. */
export async function listKinds(
  client: KubeClient,
  namespace: string,
  kinds: readonly KindReference[],
  signal?: AbortSignal,
): Promise<Map<string, KubeObject>> {
  const distinct = new Map(kinds.map((kind) => [`${kind.apiVersion} ${kind.kind}`, kind]))
  const lists = await Promise.all(
    [...distinct.values()].map(async ({ apiVersion, kind }) => {
      try {
        return (await client.list({ apiVersion, kind, namespace }, { signal })).items
      } catch (error) {
        if (isRefusal(error, 'NotFound')) return []
        throw error
      }
    }),
  )
  return new Map(lists.flat().map((object) => [objectKey(object), object]))
}
