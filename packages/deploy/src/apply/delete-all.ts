import {
  type Clock,
  type KubeClient,
  type KubeObject,
  type ObjectReference,
  referenceTo,
} from '@landfall/kube'
import { forEachConcurrently } from '../concurrent.ts'
import { listKinds } from './observe.ts'
import { keptBy, type Undeleted } from './undeleted.ts'

/** How objects are deleted, and who hears of it. */
export interface Deletion {
  client: KubeClient
  namespace: string
  clock: Clock
  /** Called for each object, when it is deleted and when it is gone. */
  onStep: (object: KubeObject, step: 'deleting' | 'gone') => void
  signal?: AbortSignal | undefined
}

const REQUESTS_AT_ONCE = 8
const POLL_MS = 300

/** Milliseconds for which nothing more may go, in addition to the grace period of pods: controllers need seconds. */
const PATIENCE_MS = 120_000

/**
 * Deletes objects with all that they own, and waits until they are gone: one list a kind, however many there are. Resolves with
 * what is still there when nothing more has gone for the grace period of their pods and {@link PATIENCE_MS}.
 */
export async function deleteAll(
  deletion: Deletion,
  objects: readonly KubeObject[],
): Promise<Undeleted[]> {
  const { client, namespace, clock, onStep, signal } = deletion
  await forEachConcurrently(objects, REQUESTS_AT_ONCE, async (object) => {
    const uid = object.metadata.uid as string
    await client.delete(
      { ...referenceTo(object), namespace },
      { propagation: 'Foreground', uid, signal },
    )
  })
  for (const object of objects) onStep(object, 'deleting')
  const patience = PATIENCE_MS + Math.max(0, ...objects.map(graceMs))
  let waiting = [...objects]
  let last = clock.now()
  while (waiting.length > 0) {
    const live = await listKinds(client, namespace, waiting, signal)
    const byUid = new Map([...live.values()].map((object) => [object.metadata.uid, object]))
    const still = waiting.filter(({ metadata }) => byUid.has(metadata.uid))
    for (const object of waiting) if (!still.includes(object)) onStep(object, 'gone')
    if (still.length < waiting.length) last = clock.now()
    else if (clock.now() - last > patience)
      return keptBy(
        client,
        namespace,
        still.map(({ metadata }) => byUid.get(metadata.uid) as KubeObject),
        signal,
      )
    waiting = still
    if (waiting.length > 0) await clock.sleep(POLL_MS, signal)
  }
  return []
}

/**
 * Waits until an object of that uid is gone. Resolves with the object as it is when it is still there and has not changed for
 * {@link PATIENCE_MS}.
 */
export async function goneOrStuck(
  { client, clock, signal }: Pick<Deletion, 'client' | 'clock' | 'signal'>,
  reference: ObjectReference,
  uid: string,
): Promise<KubeObject | undefined> {
  let version: string | undefined
  let last = clock.now()
  for (;;) {
    const found = await client.get(reference, signal)
    if (found === undefined || found.metadata.uid !== uid) return undefined
    if (found.metadata.resourceVersion !== version) last = clock.now()
    else if (clock.now() - last > PATIENCE_MS) return found
    version = found.metadata.resourceVersion as string | undefined
    await clock.sleep(POLL_MS, signal)
  }
}

/** Milliseconds that the pods of a workload have to end: 30 s if it does not set them (core/v1 PodSpec). */
function graceMs({ spec }: KubeObject): number {
  const { template, jobTemplate } = (spec ?? {}) as Record<string, Template | undefined>
  const pods = template?.spec ?? jobTemplate?.spec?.template?.spec
  return pods === undefined ? 0 : 1000 * (pods.terminationGracePeriodSeconds ?? 30)
}

interface Template {
  spec?: { terminationGracePeriodSeconds?: number; template?: Template }
}
