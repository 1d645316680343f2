import { isSameJson } from '@landfall/kube'
import { type Message, taskIdOf } from '../protocol/message.ts'
import { type Input, inputKey, type Task } from '../protocol/task.ts'
import { elsewhere } from './elsewhere.ts'
import type { Performer, TaskUpdate } from './perform.ts'
import type { Serial } from './serial.ts'
import { newProgress, type Progress } from './store/record.ts'
import type { Tracked } from './store/store.ts'

export interface TakeOptions {
  /** The id of the worker. */
  worker: string
  tracked: ReadonlyMap<string, Tracked>
  serial: Serial
  act: Performer
  track(one: Tracked): void
  /** Gives up a task of which nothing is kept, or known. */
  drop(taskId: string): void
  /** Whether a task may run, among all that are tracked. */
  mayRun(taskId: string): boolean
  /** Keeps a task in the cluster. */
  keep(one: Tracked): Promise<void>
  /** Does work again until nothing fails. */
  untilDone(taskId: string, work: () => Promise<void>): Promise<void>
  /** Milliseconds since 1970. */
  now(): number
  log(task: string, text: string): void
}

/** Inputs of tasks that were never added. */
const MOST_EARLY = 10_000

/** Takes messages: what is wanted of a task is changed, and kept in the cluster. Gives the id of the task; what follows from it is not done here. */
export function taker(options: TakeOptions): (message: Message) => Promise<string | undefined> {
  const { worker, tracked, serial, act, track, drop, mayRun, keep, untilDone, now, log } = options
  /** ADD_INPUT can come before its ADD_TASK: the master sends both at the same time. */
  const early = new Map<string, Input[]>()
  const others = elsewhere()

  const change = async (one: Tracked, progress: Progress): Promise<void> => {
    one.record = { ...one.record, progress }
    await keep(one)
  }
  const add = async (task: Task): Promise<void> => {
    others.isHere(task.id)
    if (task.image === '') {
      const reason = `no image of the operator ${task.operator} is for this worker`
      log(task.id, reason)
      return act.update(updateOf(task), `failed: ${reason}`)
    }
    const known = tracked.get(task.id)
    const present = known?.record.progress.removedAt === undefined ? known : undefined
    if (present !== undefined && isSamePlan(present.record.task, task)) return
    const fresh = newProgress(task, now(), early.get(task.id) ?? [])
    early.delete(task.id)
    const before = known?.record.progress
    const progress: Progress = {
      ...(present === undefined ? fresh : { ...present.record.progress, inputs: fresh.inputs }),
      subscriptions: before?.subscriptions ?? {},
      reference: '',
    }
    const record = { task, progress, running: true }
    const one: Tracked = known ?? {
      ...{ record, generation: 0, version: 0, hasService: false, cleaned: false, failures: 0 },
    }
    one.record = record
    one.cleaned = false
    one.hasService = false
    one.reported = undefined
    if (known === undefined) track(one)
    one.record = { ...record, running: mayRun(task.id) }
    log(task.id, `is added: ${task.image}`)
    await keep(one)
  }
  const remove = async (id: string): Promise<void> => {
    early.delete(id)
    const one = tracked.get(id)
    if (one === undefined) {
      drop(id)
      return act.update(updateOf({ id }), 'removed')
    }
    const { task, progress } = one.record
    log(id, 'is removed')
    if (one.uid === undefined) {
      await act.update(updateOf(task), 'removed')
      return drop(id)
    }
    one.record = { ...one.record, running: false }
    await change(one, {
      ...progress,
      removedAt: progress.removedAt ?? now(),
      ...(others.has(task) && { moved: true }),
    })
  }
  const addInput = async (id: string, input: Input): Promise<void> => {
    const one = tracked.get(id)
    if (one === undefined || one.record.progress.removedAt !== undefined) {
      if (early.size < MOST_EARLY) early.set(id, [...(early.get(id) ?? []), input])
      return
    }
    const { progress } = one.record
    if (progress.inputs.some((other) => inputKey(other) === inputKey(input))) return
    await change(one, { ...progress, inputs: [...progress.inputs, input] })
  }
  const removeInput = async (id: string, inputId: string): Promise<void> => {
    const isOther = (input: Input): boolean => input.id !== inputId
    const waiting = (early.get(id) ?? []).filter(isOther)
    if (waiting.length > 0) early.set(id, waiting)
    else early.delete(id)
    const one = tracked.get(id)
    if (one === undefined || one.record.progress.removedAt !== undefined) return
    const { progress } = one.record
    await change(one, { ...progress, inputs: progress.inputs.filter(isOther) })
  }
  /** A task that was removed here may have been given to another worker. */
  const hearOfOther = async (message: Message): Promise<void> => {
    if (others.hear(message) === undefined) return
    const isMoving = ({ record: { task, progress } }: Tracked): boolean =>
      progress.removedAt !== undefined && !progress.moved && others.has(task)
    for (const { record } of [...tracked.values()].filter(isMoving))
      await serial.run(record.task.id, async () => {
        const one = tracked.get(record.task.id)
        if (one !== undefined && isMoving(one))
          await change(one, { ...one.record.progress, moved: true })
      })
  }
  return async (message) => {
    if (message.type === 'other') {
      log('-', `${message.name} needs no action`)
      return undefined
    }
    if (message.worker !== worker) {
      await hearOfOther(message)
      return undefined
    }
    const id = taskIdOf(message) as string
    const work = (): Promise<void> => {
      switch (message.type) {
        case 'ADD_TASK':
          return add(message.task)
        case 'REMOVE_TASK':
          return remove(id)
        case 'ADD_INPUT':
          return addInput(id, message.input)
        case 'REMOVE_INPUT':
          return removeInput(id, message.inputId)
      }
    }
    // no later message of the task comes before it
    await serial.run(id, () => untilDone(id, work))
    return id
  }
}

/** What is reported of a task of which perhaps no more than the id is known. */
function updateOf(task: Partial<Task> & { id: string }): TaskUpdate {
  const { id, topology = '', name = '', intent = '' } = task
  return { TaskID: id, TopologyName: topology, TaskName: name, ServiceIntentID: intent }
}

/** The master sends a task again after its own restart; its status is the master's. */
function isSamePlan(a: Task, b: Task): boolean {
  const plan = ({ raw }: Task) => ({ ...(raw as object), Status: '' })
  return isSameJson(plan(a), plan(b))
}
