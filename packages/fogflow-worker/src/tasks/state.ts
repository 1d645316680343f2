import type { Tracked } from './store/store.ts'

export type TaskState = 'running' | 'starting' | 'paused' | 'waiting' | 'failed' | 'removing'

/** The state of a task as metrics count it. */
export function stateOf({ record, reported = '' }: Tracked): TaskState {
  if (record.progress.removedAt !== undefined) return 'removing'
  const state = reported.split(':')[0]
  return state === 'running' || state === 'paused' || state === 'waiting' || state === 'failed'
    ? state
    : 'starting'
}
