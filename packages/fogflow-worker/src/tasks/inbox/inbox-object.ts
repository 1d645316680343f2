import { type KubeClient, type KubeObject, StatusError, shortHash } from '@landfall/kube'
import { FIELD_MANAGER, type Surroundings, sharedMetadata } from '../objects.ts'

/** The ConfigMap of a worker with the messages that are accepted, and of which it has not kept all in objects of their tasks. */
export interface InboxObject {
  /** What an earlier run has stored. A late write of that run is refused from here on. Throws as the client does. */
  takeOver(): Promise<readonly string[]>
  /** Stores messages in place of those that are stored. Throws as the client does, and if another run has taken over. */
  write(messages: readonly string[]): Promise<void>
  /** Throws as the client does. */
  delete(): Promise<void>
}

const RUN_ANNOTATION = 'fogflow.landfall.dev/run'
const KEY = 'messages'

/** `run` differs for each start of a worker. */
export function inboxObject(
  client: KubeClient,
  surroundings: Surroundings,
  run: string,
): InboxObject {
  const { id, namespace } = surroundings.config
  const name = `inbox-${shortHash(JSON.stringify([id]))}`
  let version: string | undefined
  const reference = { apiVersion: 'v1', kind: 'ConfigMap', name, namespace }
  const read = () => client.get(reference)
  const apply = async (messages: readonly string[]): Promise<void> => {
    const object: KubeObject = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: {
        ...sharedMetadata(surroundings),
        name,
        annotations: { [RUN_ANNOTATION]: run },
        // exactly the version that this run has written
        ...(version !== undefined && { resourceVersion: version }),
      },
      data: { [KEY]: JSON.stringify(messages) },
    }
    const written = await client.apply(object, { fieldManager: FIELD_MANAGER })
    version = String(written.object.metadata.resourceVersion)
  }
  const noteVersion = (found: KubeObject | undefined): void => {
    version = found === undefined ? undefined : String(found.metadata.resourceVersion)
  }
  return {
    async takeOver() {
      for (;;) {
        const found = await read()
        const messages = messagesIn(found)
        noteVersion(found)
        try {
          await apply(messages)
          return messages
        } catch (error) {
          if (!isOtherVersion(error)) throw error
        }
      }
    },
    async write(messages) {
      try {
        await apply(messages)
      } catch (error) {
        if (!isOtherVersion(error)) throw error
        const found = await read()
        // an answer was lost, or it was deleted by hand
        if (found !== undefined && found.metadata.annotations?.[RUN_ANNOTATION] !== run)
          throw new Error(`another worker has the id ${id}`)
        noteVersion(found)
        await apply(messages)
      }
    },
    async delete() {
      await client.delete(reference)
    },
  }
}

function isOtherVersion(error: unknown): boolean {
  return error instanceof StatusError && [404, 409].includes(error.status.code)
}

function messagesIn(object: KubeObject | undefined): string[] {
  const text = (object?.data as Record<string, string> | undefined)?.[KEY]
  try {
    const messages: unknown = JSON.parse(text ?? '[]')
    return Array.isArray(messages) ? messages.filter((one) => typeof one === 'string') : []
  } catch {
    return []
  }
}
