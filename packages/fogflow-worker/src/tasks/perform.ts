import type { Clock } from '@landfall/kube'
import type { Broker, Metadata } from '../broker.ts'
import type { Report } from '../protocol/message.ts'
import { inputKey, type Output, type Task } from '../protocol/task.ts'
import { unknownTo } from './listed-subscriptions.ts'
import type { Step } from './next-step.ts'
import type { Surroundings } from './objects.ts'
import type { Store, Tracked } from './store/store.ts'

/** The payload of TASK_UPDATE, without the status. */
export interface TaskUpdate {
  TaskID: string
  TopologyName: string
  TaskName: string
  ServiceIntentID: string
}

export interface PerformOptions {
  store: Store
  broker: Broker
  surroundings: Surroundings
  publish(type: Report, routingKey: string, payload: object): Promise<void>
  log(task: string, text: string): void
  /** Whether the address of a task accepts a connection. */
  connects(url: string): Promise<boolean>
  clock: Clock
  signal: AbortSignal
}

/** What is done with tasks. All throw as the store, the broker or the exchange do; the step is then done again. */
export interface Performer {
  perform(one: Tracked, step: Exclude<Step, { kind: 'wait' }>): Promise<void>
  /** Reports the status of a task, and remembers it. */
  report(one: Tracked, status: string): Promise<void>
  update(task: TaskUpdate, status: string): Promise<void>
  /** Ends a task at once; what is not possible is left out. */
  end(one: Tracked): Promise<void>
}

const KEY = 'task.'

/**
 * A broker notifies as soon as it has a subscription, and once: the address of a ready pod leads to it some moments later, when the node has its rules. An
 * address that the worker may never reach (network policies) is subscribed after this time.
 */
const CONNECTS_MS = 10_000
const CONNECTS_EVERY_MS = 100

export function performer(options: PerformOptions): Performer {
  const { store, broker, surroundings, publish, log, connects, clock, signal } = options
  const update = (task: TaskUpdate, status: string): Promise<void> =>
    publish('TASK_UPDATE', KEY, { ...task, Status: status })
  const report = async (one: Tracked, status: string): Promise<void> => {
    const { task, progress } = one.record
    const payload = {
      TaskID: task.id,
      TopologyName: task.topology,
      TaskName: task.name,
      ServiceIntentID: task.intent,
    }
    if (one.reported === status) return
    await update(payload, status)
    if (status === 'running')
      await publish('TASK_INFO', KEY, { ...payload, Info: `refURL=${progress.reference}` })
    one.reported = status
    log(task.id, status)
  }
  const unsubscribe = async (one: Tracked, keys: readonly string[]): Promise<void> => {
    for (const key of keys) {
      const { progress } = one.record
      const { [key]: id, ...rest } = progress.subscriptions
      if (id !== undefined) await broker.unsubscribe(id)
      one.record = { ...one.record, progress: { ...progress, subscriptions: rest } }
    }
  }
  const untilConnects = async ({ record: { task, progress } }: Tracked): Promise<void> => {
    const end = clock.now() + CONNECTS_MS
    while (!(await connects(progress.reference))) {
      if (clock.now() > end)
        return log(task.id, `${progress.reference} does not respond to the worker`)
      await clock.sleep(CONNECTS_EVERY_MS, signal)
    }
  }
  const clean = async ({ record: { task, progress } }: Tracked): Promise<void> => {
    for (const output of task.outputs) await broker.remove(output)
    if (progress.announced) await broker.remove(uService(task))
  }
  return {
    report,
    update,
    async perform(one, step) {
      switch (step.kind) {
        case 'change':
          one.record = step.record
          return store.save(one)
        case 'save':
          return store.save(one)
        case 'serve':
          return store.serve(one)
        case 'subscribe':
          await untilConnects(one)
          for (const input of step.inputs) {
            const { task, progress } = one.record
            const id = await broker.subscribe(task.id, input, progress.reference)
            const subscriptions = { ...progress.subscriptions, [inputKey(input)]: id }
            one.record = { ...one.record, progress: { ...progress, subscriptions } }
          }
          return
        case 'unsubscribe':
          return unsubscribe(one, step.keys)
        case 'announce': {
          const { task, progress } = one.record
          await broker.update(
            uService(task),
            serviceMetadata(task, progress.reference, surroundings),
          )
          one.record = { ...one.record, progress: { ...progress, announced: true } }
          return
        }
        case 'report':
          return report(one, step.status)
        case 'clean':
          await clean(one)
          one.cleaned = true
          return
        case 'forget': {
          const listed = (await broker.subscriptions()) ?? new Map()
          for (const id of unknownTo(one.record.progress, listed)) await broker.unsubscribe(id)
          return store.delete(one)
        }
      }
    },
    async end(one) {
      const { subscriptions, moved } = one.record.progress
      await Promise.allSettled([store.delete(one), unsubscribe(one, Object.keys(subscriptions))])
      if (!moved) await clean(one).catch(() => {})
      await report(one, 'removed').catch(() => {})
    },
  }
}

/** The entity of the service that a task offers. */
function uService({ topology, id }: Task): Output {
  return { type: 'uService', id: `uService.${topology}.${id}` }
}

function serviceMetadata(task: Task, reference: string, { config }: Surroundings): Metadata[] {
  const text = (name: string, value: string): Metadata => ({ name, type: 'string', value })
  return [
    text('service', task.topology),
    text('taskID', task.id),
    text('operator', task.operator),
    text('IP', new URL(reference).hostname),
    { name: 'port', type: 'object', value: String(task.servicePorts[0]) },
    { name: 'location', type: 'point', value: config.location },
  ]
}
