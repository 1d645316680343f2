import type { TaskRecord } from './store/record.ts'

/** Whether a task may run now: `paused` for an exclusive one, `waiting` for a place. */
export type Admission = 'run' | 'paused' | 'waiting'

/**
 * Decides for all tasks at once, so that the order of messages has no part in it. While there is an exclusive task, those of the highest
 * priority run alone. Of the tasks that may run, as many do as the worker has places for, the oldest first.
 */
export function admit(
  records: readonly TaskRecord[],
  capacity: number,
): ReadonlyMap<string, Admission> {
  const wanted = records.filter(({ progress }) => progress.removedAt === undefined)
  const priorities = wanted.flatMap(({ task }) => (task.exclusive ? [task.priority] : []))
  const highest = Math.max(...priorities)
  const isFirst = ({ task }: TaskRecord): boolean =>
    priorities.length === 0 || (task.exclusive && task.priority === highest)
  const oldestFirst = wanted
    .filter(isFirst)
    .sort((a, b) => a.progress.since - b.progress.since || (a.task.id < b.task.id ? -1 : 1))
  const running = new Set(oldestFirst.slice(0, capacity))
  return new Map(
    wanted.map((record) => [
      record.task.id,
      running.has(record) ? 'run' : isFirst(record) ? 'waiting' : 'paused',
    ]),
  )
}
