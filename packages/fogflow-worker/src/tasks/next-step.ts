import { type Input, inputKey } from '../protocol/task.ts'
import type { Admission } from './admission.ts'
import type { Observed } from './observed.ts'
import type { Progress, TaskRecord } from './store/record.ts'

/** Everything that decides what happens next with a task. */
export interface TaskView {
  record: TaskRecord
  observed: Observed
  admission: Admission
  /** The Deployment keeps the record as it is. */
  saved: boolean
  /** It has a Service. */
  served: boolean
  /** The status that was reported last. */
  reported: string | undefined
  /** Outputs of a removed task are deleted. */
  cleaned: boolean
  /** Milliseconds since 1970. */
  now: number
}

/** One thing to do with a task. */
export type Step =
  | { kind: 'change'; record: TaskRecord }
  | { kind: 'save' }
  | { kind: 'serve' }
  | { kind: 'subscribe'; inputs: readonly Input[] }
  | { kind: 'unsubscribe'; keys: readonly string[] }
  | { kind: 'announce' }
  | { kind: 'report'; status: string }
  | { kind: 'clean' }
  | { kind: 'forget' }
  /** Look again after so many milliseconds. */
  | { kind: 'wait'; ms: number }

/**
 * The master sends REMOVE_TASK to the old and ADD_TASK to the new worker of a task within milliseconds, in either order. After this time, a task
 * that no other worker was given is gone, and its outputs with it.
 */
export const SETTLE_MS = 3_000

/** The pod of a lost node does not end; it cannot write either. */
const LONGEST_END_MS = 60_000

/** What to do next with a task; undefined if everything is as it should be until something changes. */
export function nextStep(view: TaskView): Step | undefined {
  return view.record.progress.removedAt === undefined ? keepRunning(view) : remove(view)
}

function keepRunning(view: TaskView): Step | undefined {
  const { record, observed, admission, saved, served, reported } = view
  const { progress } = record
  const run = admission === 'run'
  if (record.running !== run) return { kind: 'change', record: { ...record, running: run } }
  if (observed.needsUser && !progress.nonRoot)
    return { kind: 'change', record: { ...record, progress: { ...progress, nonRoot: true } } }
  const stale = staleKeys(progress, run)
  if (stale.length > 0) return { kind: 'unsubscribe', keys: stale }
  if (!saved) return { kind: 'save' }
  if (!served) return { kind: 'serve' }
  if (run && observed.ready) {
    const missing = progress.inputs.filter(
      (input) => progress.subscriptions[inputKey(input)] === undefined,
    )
    if (missing.length > 0) return { kind: 'subscribe', inputs: missing }
    if (record.task.servicePorts.length > 0 && !progress.announced) return { kind: 'announce' }
  }
  const status = statusOf(view)
  return status === undefined || status === reported ? undefined : { kind: 'report', status }
}

function remove({ record, observed, saved, reported, cleaned, now }: TaskView): Step | undefined {
  const { progress } = record
  if (record.running) return { kind: 'change', record: { ...record, running: false } }
  if (!saved) return { kind: 'save' }
  const stale = staleKeys(progress, false)
  if (stale.length > 0) return { kind: 'unsubscribe', keys: stale }
  if (reported !== 'removed') return { kind: 'report', status: 'removed' }
  if (!cleaned && !progress.moved) {
    const ended = now - (progress.removedAt ?? 0)
    // its last update would bring the output back
    const until = observed.pods.length > 0 ? LONGEST_END_MS : SETTLE_MS
    return ended < until ? { kind: 'wait', ms: until - ended } : { kind: 'clean' }
  }
  return { kind: 'forget' }
}

/** Subscriptions that no input has any more; all of a task that does not run. */
function staleKeys({ inputs, subscriptions }: Progress, run: boolean): string[] {
  const wanted = new Set(run ? inputs.map(inputKey) : [])
  return Object.keys(subscriptions).filter((key) => !wanted.has(key))
}

/** What is reported of a task; undefined while it starts. */
function statusOf({ observed, admission }: TaskView): string | undefined {
  if (admission === 'paused') return 'paused'
  if (admission === 'waiting') return 'waiting: the worker is full'
  if (observed.ready) return 'running'
  return observed.failure === undefined ? undefined : `failed: ${observed.failure}`
}
