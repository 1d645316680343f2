import type { KubeObject } from '@landfall/kube'
import { readRecord } from './record.ts'
import { type Store, type Tracked, textOf, trackedOf } from './store.ts'

/** How long a request of a run that was killed may be on its way: longer than the API server takes for any. */
const LATE_MS = 5 * 60_000

export interface LateOptions {
  store: Store
  /** The Deployment of this name, as it is now. */
  deployment(name: string): KubeObject | undefined
  /** Takes a task like those that were found at the start. */
  adopt(one: Tracked): void
  /** Runs when nothing else is done with the task, until it does not fail. */
  run(taskId: string, work: () => Promise<void>): Promise<void>
  isTracked(taskId: string): boolean
  sleep(ms: number): Promise<void>
  log(task: string, text: string): void
}

/** What a run that was killed had sent to the API server, and what arrives there after this run has listed the tasks. */
export interface Late {
  /** This run has heard that a task is removed. */
  removed(name: string): void
  /** There is a Deployment of a task that this run does not have. */
  appeared(name: string): void
}

export function lateWrites(options: LateOptions): Late {
  const { store, deployment, adopt, run, isTracked, sleep, log } = options
  const removed = new Set<string>()
  const decide = async (name: string): Promise<void> => {
    const object = deployment(name)
    const record = object && readRecord(object)
    if (object === undefined || record === undefined || isTracked(record.task.id)) return
    if (object.metadata.deletionTimestamp !== undefined) return
    if (removed.has(name)) return store.discard(object)
    log(record.task.id, 'is found again')
    adopt(trackedOf(object, record))
  }
  return {
    removed(name) {
      removed.add(name)
      sleep(LATE_MS).then(
        () => removed.delete(name),
        () => {},
      )
    },
    appeared(name) {
      const object = deployment(name)
      const id = object && readRecord(object)?.task.id
      if (id !== undefined) run(id, () => decide(name)).catch(() => {})
    },
  }
}

/** Whether a Deployment has another record than the one that this run has written before. */
export function isOverwritten(one: Tracked, object: KubeObject | undefined): boolean {
  if (object === undefined || object.metadata.uid !== one.uid) return false
  const found = readRecord(object)
  return (
    one.savedText !== undefined &&
    found !== undefined &&
    Number(object.metadata.resourceVersion) > one.version &&
    // the number of its pods may be set by hand
    textOf({ ...found, running: one.record.running }) !== one.savedText
  )
}
