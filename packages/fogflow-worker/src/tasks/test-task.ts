import { parseTask, type Task } from '../protocol/task.ts'
import { newProgress, type Progress, type TaskRecord } from './store/record.ts'

/** A task for tests: fields of ADD_TASK, those of its progress, and whether it runs. */
export function record(
  id: string,
  plan: object = {},
  progress: Partial<Progress> = {},
  running = true,
): TaskRecord {
  const task: Task = parseTask({ ID: id, DockerImage: 'counter', ...plan })
  return { task, running, progress: { ...newProgress(task, 0, []), ...progress } }
}
