import type { KubeObject } from '@landfall/kube'
import { type Input, parseTask, type Task } from '../../protocol/task.ts'

/** Everything that is known of a task beside its plan; kept on its Deployment, so that a worker that starts again continues. */
export interface Progress {
  /** When it was added, in milliseconds since 1970. */
  since: number
  /** Those of its plan, with what ADD_INPUT and REMOVE_INPUT changed. */
  inputs: readonly Input[]
  /** Ids at the broker, by the key of the input. */
  subscriptions: Readonly<Record<string, string>>
  /** Where the broker and others reach it. */
  reference: string
  /** Its service is an entity at the broker. */
  announced?: true
  /** When it was removed. */
  removedAt?: number
  /** Another worker has it now, and its outputs. */
  moved?: true
  /** The namespace does not allow root. */
  nonRoot?: true
}

export interface TaskRecord {
  task: Task
  progress: Progress
  /** Its Deployment has a pod. */
  running: boolean
}

export const TASK_ANNOTATION = 'fogflow.landfall.dev/task'
export const PROGRESS_ANNOTATION = 'fogflow.landfall.dev/progress'

/** What a Deployment keeps of a task. Undefined if it does not keep one that can be read. */
export function readRecord({ metadata, spec }: KubeObject): TaskRecord | undefined {
  const { [TASK_ANNOTATION]: task, [PROGRESS_ANNOTATION]: progress } = metadata.annotations ?? {}
  if (task === undefined || progress === undefined) return undefined
  try {
    return {
      task: parseTask(JSON.parse(task)),
      progress: JSON.parse(progress) as Progress,
      running: spec?.replicas !== 0,
    }
  } catch {
    return undefined
  }
}

/** The progress of a task that was just added; the reference is known with its Service. */
export function newProgress(task: Task, since: number, more: readonly Input[]): Progress {
  return { since, inputs: [...task.inputs, ...more], subscriptions: {}, reference: '' }
}
