import { AnswerError, type Clock, type KubeClient, type KubeObject, objectId } from '@landfall/kube'
import { untilGone } from '../apply/execute.ts'
import type { DeployEvent } from '../events.ts'
import { type Hold, type Holder, holdRelease } from './hold.ts'
import { namespaceReference, ownNamespace, readNamespace } from './namespace.ts'
import type { ReleaseReference } from './release.ts'

export interface OpenOptions {
  client: KubeClient
  reference: ReleaseReference
  holder: Holder
  onEvent: (event: DeployEvent) => void
  clock: Clock
  signal: AbortSignal
  /** Called when something is waited for that may take its time, with a sentence for the time-out. */
  onDoing: (doing: string) => void
}

/** A namespace that others delete again and again is made so often; each attempt waits for its end. */
const MOST_ATTEMPTS = 20

const AGAIN_MS = 200

/** Continues "it sent". */
export const NAMESPACE_COMES_AND_GOES =
  'again and again that the namespace exists, and that it does not'

/** The right to change a release in its namespace, which is there. `made`: it was not there before. */
export interface OpenRelease {
  hold: Hold
  made: boolean
}

/** Makes the namespace of a release if it is missing, after the end of an earlier one, and waits until no other command changes the release. */
export async function openRelease(options: OpenOptions): Promise<OpenRelease> {
  const { client, reference, onEvent, clock, signal, onDoing } = options
  const { namespace } = reference
  let made = false
  for (let attempts = 0; ; attempts++) {
    if (attempts > MOST_ATTEMPTS) throw new AnswerError(NAMESPACE_COMES_AND_GOES)
    if (attempts > 1) await clock.sleep(AGAIN_MS, signal)
    onDoing(
      `an earlier namespace ${namespace} is still being deleted (kubectl get namespace ${namespace} -o yaml shows what holds it)`,
    )
    const found = await readNamespace(client, namespace, signal)
    if (found?.metadata.deletionTimestamp !== undefined) {
      await awaitEnd(options, found)
      continue
    }
    if (found === undefined) {
      await client.apply(ownNamespace(reference), { signal })
      made = true
    }
    const hold = await holdRelease({
      ...options,
      onEvent(event) {
        if (event.type === 'wait') onDoing(event.message)
        onEvent(event)
      },
    })
    if (hold !== undefined) return { hold, made }
  }
}

/** A namespace that is still being deleted takes nothing in. */
async function awaitEnd(
  { client, onEvent, clock, signal }: OpenOptions,
  found: KubeObject,
): Promise<void> {
  const reference = namespaceReference(found.metadata.name)
  const message = 'an earlier namespace of this name is still being deleted'
  onEvent({ type: 'wait', object: objectId(reference), message })
  await untilGone(client, reference, found.metadata.uid as string, clock, signal)
}
