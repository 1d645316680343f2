import { setTimeout as pause } from 'node:timers/promises'
import type { CollectionReference, KubeClient, KubeObject } from '@landfall/kube'

/** A collection as it is in the cluster, kept up to date by one watch. */
export class Kept<T> {
  /** By the uid of the object. */
  readonly objects = new Map<string, T>()
  /** Everything was listed, and the server answers: what is known is the state of the cluster. */
  current = false
  readonly #versions = new Map<string, bigint>()
  readonly #read: (object: KubeObject) => T

  /** `read` gives what is kept of an object. */
  constructor(read: (object: KubeObject) => T) {
    this.#read = read
  }

  /**
   * Takes over a state of an object, unless a later one is known: the answer to a write overtakes what a watch reports of before. Versions of
   * one kind count up (https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-versions); others are taken in the order of arrival.
   */
  take(object: KubeObject): void {
    const uid = uidOf(object)
    const version = versionOf(object)
    const known = this.#versions.get(uid)
    if (version !== undefined && known !== undefined && version < known) return
    if (version !== undefined) this.#versions.set(uid, version)
    this.objects.set(uid, this.#read(object))
  }

  /** What is not listed is gone. */
  takeAll(objects: readonly KubeObject[]): void {
    const listed = new Set(objects.map(uidOf))
    for (const uid of this.objects.keys()) if (!listed.has(uid)) this.#forget(uid)
    for (const object of objects) this.take(object)
  }

  remove(object: KubeObject): void {
    this.#forget(uidOf(object))
  }

  #forget(uid: string): void {
    this.objects.delete(uid)
    this.#versions.delete(uid)
  }
}

export interface WatchOptions {
  client: KubeClient
  collection: CollectionReference
  labelSelector: string
  signal: AbortSignal
  onChange(): void
  /** Reports that the server does not answer. */
  onLost(error: Error): void
}

/** Between two watches of a server that did not answer for minutes. */
const PAUSE_MS = 2_000

/** Keeps a collection until the signal is aborted. Throws when the server refuses; a server that does not answer is tried again for ever. */
export async function keepCollection<T>(options: WatchOptions, kept: Kept<T>): Promise<void> {
  const { client, collection, labelSelector, signal, onChange, onLost } = options
  while (!signal.aborted) {
    try {
      for await (const step of client.watch(collection, { labelSelector, signal })) {
        if (step.type === 'listed') {
          kept.takeAll(step.objects)
          kept.current = true
        } else if (step.type === 'changed') kept.take(step.object)
        else if (step.type === 'removed') kept.remove(step.object)
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

function versionOf({ metadata }: KubeObject): bigint | undefined {
  const version = String(metadata.resourceVersion ?? '')
  return /^\d{1,20}$/.test(version) ? BigInt(version) : undefined
}
