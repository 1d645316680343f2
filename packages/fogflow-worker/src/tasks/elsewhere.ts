import type { Message } from '../protocol/message.ts'
import type { Task } from '../protocol/task.ts'

/** Which tasks the master gave to other workers: what tells a migration from a deletion, because REMOVE_TASK is the same for both. */
export interface Elsewhere {
  /** Notes what another worker was asked. Gives the task if it was given one. */
  hear(message: Message): Task | undefined
  /** The task is here now. */
  isHere(taskId: string): void
  /** Whether another worker has the task, or one of its outputs. */
  has(task: Task): boolean
}

/** Tasks that are remembered; the oldest are forgotten first. */
const MOST = 10_000

export function elsewhere(): Elsewhere {
  const tasks = new Map<string, { worker: string; outputs: readonly string[] }>()
  return {
    hear(message) {
      if (message.type === 'REMOVE_TASK') {
        if (tasks.get(message.taskId)?.worker === message.worker) tasks.delete(message.taskId)
        return undefined
      }
      if (message.type !== 'ADD_TASK') return undefined
      const { task, worker } = message
      tasks.delete(task.id)
      tasks.set(task.id, { worker, outputs: task.outputs.map(({ id }) => id) })
      const [oldest] = tasks.keys()
      if (tasks.size > MOST && oldest !== undefined) tasks.delete(oldest)
      return task
    },
    isHere: (taskId) => void tasks.delete(taskId),
    has: ({ id, outputs }) =>
      tasks.has(id) ||
      [...tasks.values()].some((other) => outputs.some((one) => other.outputs.includes(one.id))),
  }
}
