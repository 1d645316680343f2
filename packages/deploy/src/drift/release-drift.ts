import { isRefusal, type KubeClient, type KubeObject, objectId } from '@landfall/kube'
import { listKinds } from '../apply/observe.ts'
import { entryKey, type Inventory, type InventoryEntry, objectKey } from '../release/inventory.ts'
import type { ReleaseReference } from '../release/release.ts'
import { DamagedRevisionError, readRevisions } from '../release/revisions.ts'
import { type Drift, driftOf } from './drift.ts'
import { withoutScaledReplicas } from './scaled.ts'

/** What differs in the cluster from what was deployed. */
export interface ReleaseDrift {
  drift: Drift[]
  /** Kinds that the account may not list: nothing is known of their objects. */
  unread: string[]
}

/** What others have done to the objects of the present revision, in the order of the inventory. Jobs that are done may be deleted. */
export async function releaseDrift(
  client: KubeClient,
  reference: ReleaseReference,
  inventory: Inventory,
  signal?: AbortSignal,
): Promise<ReleaseDrift> {
  const present = inventory.entries.filter(({ revision }) => revision === inventory.revision)
  const { live, unread } = await readObjects(client, reference.namespace, present, signal)
  const stored = await storedObjects(client, reference, inventory.revision, signal)
  const deployed = new Map(
    (await withoutScaledReplicas(client, reference.namespace, stored, live, signal)).map(
      (object) => [objectKey(object), object],
    ),
  )
  const drift = present.flatMap((entry): Drift[] => {
    const object = live.get(entryKey(entry))
    if (object !== undefined) return driftOf(object, deployed.get(entryKey(entry)))
    if (unread.has(kindKey(entry)) || entry.kind === 'Job') return []
    return [{ object: objectId(entry), change: 'missing' }]
  })
  return {
    drift,
    unread: [...new Set(present.filter((one) => unread.has(kindKey(one))).map(({ kind }) => kind))],
  }
}

function kindKey({ apiVersion, kind }: { apiVersion: string; kind: string }): string {
  return `${apiVersion} ${kind}`
}

async function readObjects(
  client: KubeClient,
  namespace: string,
  entries: readonly InventoryEntry[],
  signal?: AbortSignal,
): Promise<{ live: Map<string, KubeObject>; unread: Set<string> }> {
  const kinds = new Map(entries.map((entry) => [kindKey(entry), entry]))
  const unread = new Set<string>()
  const found = await Promise.all(
    [...kinds].map(async ([key, kind]) => {
      try {
        return [...(await listKinds(client, namespace, [kind], signal))]
      } catch (error) {
        if (!isRefusal(error, 'Forbidden')) throw error
        unread.add(key)
        return []
      }
    }),
  )
  return { live: new Map(found.flat()), unread }
}

/** The objects of a revision as they were applied; none where the account may not read the history, or it was damaged. */
async function storedObjects(
  client: KubeClient,
  reference: ReleaseReference,
  number: number,
  signal?: AbortSignal,
): Promise<KubeObject[]> {
  try {
    const revisions = await readRevisions(client, reference, signal)
    return (await revisions.find((revision) => revision.number === number)?.objects()) ?? []
  } catch (error) {
    if (error instanceof DamagedRevisionError || isRefusal(error, 'Forbidden')) return []
    throw error
  }
}
