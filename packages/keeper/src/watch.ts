import { setTimeout as pause } from 'node:timers/promises'
import type { CollectionReference, KubeClient, KubeObject } from '@landfall/kube'

/** A collection as it is in the cluster, kept up to date by one watch. */
export interface Kept<T> {
  /** By the uid of the object. */
  objects: Map<string, T>
  /** Everything was listed, and the server answers: what is known is the state of the cluster. */
  current: boolean
}

export interface WatchOptions<T> {
  client: KubeClient
  collection: CollectionReference
  labelSelector: string
  signal: AbortSignal
  /** What is kept of an object. */
  read(object: KubeObject): T
  onChange(): void
  /** Reports that the server does not answer. */
  onLost(error: Error): void
}

/** Between two watches of a server that did not answer for minutes. */
const PAUSE_MS = 2_000

/** Keeps a collection until the signal is aborted. Throws when the server refuses; a server that does not answer is tried again for ever. */
export async function keepCollection<T>(options: WatchOptions<T>, kept: Kept<T>): Promise<void> {
  const { client, collection, labelSelector, signal, read, onChange, onLost } = options
  while (!signal.aborted) {
    try {
      for await (const step of client.watch(collection, { labelSelector, signal })) {
        if (step.type === 'listed') {
          kept.objects.clear()
          for (const object of step.objects) kept.objects.set(uidOf(object), read(object))
          kept.current = true
        } else if (step.type === 'changed') kept.objects.set(uidOf(step.object), read(step.object))
        else if (step.type === 'removed') kept.objects.delete(uidOf(step.object))
        else if (step.type === 'found') kept.current = true
        else {
          if (kept.current) onLost(step.error)
          kept.current = false
        }
        onChange()
      }
    } catch (error) {
      kept.current = false
      if (signal.aborted) return
      const { name } = error as Error
      if (name !== 'ConnectionError' && !isPassing(error)) throw error
      onLost(error as Error)
      await pause(PAUSE_MS)
    }
  }
}

/** A refusal of a server that is not well. */
function isPassing(error: unknown): boolean {
  const code = (error as { status?: { code?: number } }).status?.code ?? 0
  return code >= 500 || code === 429
}

function uidOf({ metadata }: KubeObject): string {
  return String(metadata.uid)
}
