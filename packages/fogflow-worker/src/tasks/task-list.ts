import type { Clock, KubeClient } from '@landfall/kube'
import type { Broker } from '../broker.ts'
import type { Message, Report } from '../protocol/message.ts'
import { admit } from './admission.ts'
import { clusterOf } from './cluster.ts'
import { inboxOf } from './inbox/inbox.ts'
import { inboxObject } from './inbox/inbox-object.ts'
import { letterOf, readLetter } from './inbox/letter.ts'
import { listedSubscriptions, unknownTo } from './listed-subscriptions.ts'
import { nextStep, type TaskView } from './next-step.ts'
import { type Surroundings, taskName, tasksOf } from './objects.ts'
import { observe } from './observed.ts'
import { performer } from './perform.ts'
import { serialByKey } from './serial.ts'
import { stateOf, type TaskState } from './state.ts'
import { isOverwritten, lateWrites } from './store/late.ts'
import { refusalIn, storeIn, type Tracked, textOf } from './store/store.ts'
import { taker } from './take.ts'

export interface TaskListOptions {
  client: KubeClient
  surroundings: Surroundings
  broker: Broker
  /** Sends a message to the exchange; throws while there is no connection. */
  publish(type: Report, routingKey: string, payload: object): Promise<void>
  clock: Clock
  /** Milliseconds since 1970. */
  now(): number
  log(task: string, text: string): void
  /** Whether the address of a task accepts a connection. */
  connects(url: string): Promise<boolean>
  signal: AbortSignal
  /** Differs for each start of a worker. */
  run: string
}

/** The tasks of a worker. */
export interface TaskList {
  /** Finds the tasks of an earlier run, and keeps all tasks as they should be until the signal is aborted. Fulfilled when they are found. */
  start(): Promise<void>
  /** Takes a message, `text` as it came. Fulfilled when what it asks, or the message itself, is kept in the cluster: then it may be acknowledged. */
  accept(message: Message, text: string): Promise<void>
  /** Tasks that it has, those that are removed left out. */
  count(): number
  counts(): Record<TaskState, number>
  /** The API server answers, and everything is known. */
  isCurrent(): boolean
  /** Fulfilled when nothing is under way. */
  idle(): Promise<void>
  /** Ends all tasks: their pods, Services, subscriptions and outputs. */
  endAll(): Promise<void>
}

const SHORTEST_RETRY_MS = 500
const LONGEST_RETRY_MS = 30_000
const UNSENT_MS = 1_000

/** How often the broker is asked whether it still has the subscriptions: it loses them when it restarts. */
const SUBSCRIPTIONS_MS = 30_000

/** The list of tasks: every message changes what is wanted, and every change looks for the next step of a task. */
export function taskList(options: TaskListOptions): TaskList {
  const { client, surroundings, broker, clock, now, log, signal } = options
  const { config } = surroundings
  const tracked = new Map<string, Tracked>()
  const names = new Map<string, string>()
  const serial = serialByKey()
  const looking = new Set<string>()
  const subscriptions = listedSubscriptions()
  const store = storeIn(client, surroundings)
  const act = performer({ ...options, store })

  const cluster = clusterOf({
    ...{ client, clock, signal, namespace: config.namespace, labelSelector: tasksOf(config) },
    onChange(name) {
      const one = tracked.get(names.get(name) ?? '')
      if (one === undefined) return late.appeared(name)
      if (isOverwritten(one, cluster.deployment(name))) one.savedText = undefined
      look(names.get(name))
    },
    onGone(name, uid) {
      const one = tracked.get(names.get(name) ?? '')
      if (one?.uid !== uid || one.record.progress.removedAt !== undefined) return
      one.savedText = undefined
      one.hasService = false
    },
    onLost: (error) => log('-', `the API server does not answer: ${error.message}`),
  })
  const track = (one: Tracked): void => {
    const { id } = one.record.task
    tracked.set(id, one)
    names.set(taskName(config.id, id), id)
  }
  const forget = (id: string): void => {
    tracked.delete(id)
    names.delete(taskName(config.id, id))
    late.removed(taskName(config.id, id))
  }
  const admissions = () =>
    admit(
      [...tracked.values()].map(({ record }) => record),
      config.capacity,
    )

  const viewOf = (one: Tracked): TaskView => {
    const { record, generation, refusal } = one
    const name = taskName(config.id, record.task.id)
    const observed = observe(cluster.deployment(name), cluster.pods(name), generation)
    return {
      record,
      observed: refusal === undefined ? observed : { ...observed, failure: refusal },
      admission: admissions().get(record.task.id) ?? 'run',
      saved: one.savedText === textOf(record),
      served: one.hasService,
      reported: one.reported,
      cleaned: one.cleaned,
      now: now(),
    }
  }
  const later = (id: string, ms: number): void => {
    clock.sleep(ms, signal).then(
      () => look(id),
      () => {},
    )
  }
  /** Does what is next with a task until nothing is. */
  const look = (id: string | undefined): void => {
    if (id === undefined || looking.has(id) || signal.aborted) return
    looking.add(id)
    void serial.run(id, async () => {
      looking.delete(id)
      for (let one = tracked.get(id); one !== undefined; one = tracked.get(id)) {
        if (signal.aborted) return
        const step = nextStep(viewOf(one))
        if (step === undefined) return
        if (step.kind === 'wait') return later(id, step.ms)
        try {
          await act.perform(one, step)
          one.failures = 0
          one.refusal = undefined
        } catch (error) {
          await failed(one, error)
          return later(id, retryMs(one))
        }
        if (step.kind !== 'forget') continue
        forget(id)
        return lookAtOthers()
      }
    })
  }
  const lookAtAll = (): void => [...tracked.keys()].forEach(look)
  /** Looks at the tasks that may run now and did not, or the other way round. */
  const lookAtOthers = (): void => {
    for (const [id, admission] of admissions()) {
      const { record, reported = '' } = tracked.get(id) as Tracked
      const isSo = admission === 'run' ? record.running : reported.startsWith(admission)
      if (!isSo) look(id)
    }
  }

  const failed = async (one: Tracked, error: unknown): Promise<void> => {
    const { id } = one.record.task
    one.failures++
    log(id, (error as Error).message)
    one.refusal = refusalIn(error)
    if (one.refusal !== undefined)
      await act
        .report(one, `failed: ${one.refusal}`)
        .catch((unsent: Error) => log(id, unsent.message))
  }
  /** Keeps a task in the cluster. A server that is away is waited for; a refusal is reported, and tried again later. */
  const keep = async (one: Tracked): Promise<void> => {
    for (;;) {
      try {
        await store.save(one)
        one.failures = 0
        return
      } catch (error) {
        await failed(one, error)
        if (one.refusal !== undefined) return later(one.record.task.id, retryMs(one))
        await clock.sleep(Math.min(5_000, retryMs(one)), signal)
      }
    }
  }
  /** What is not reported, because there is no connection, is reported later. */
  const untilDone = async (id: string, work: () => Promise<void>): Promise<void> => {
    for (;;) {
      try {
        return await work()
      } catch (error) {
        if (signal.aborted) throw error
        log(id, (error as Error).message)
        await clock.sleep(UNSENT_MS, signal)
      }
    }
  }
  const take = taker({
    ...{ tracked, serial, act, track, keep, untilDone, now, log, worker: config.id },
    drop: forget,
    mayRun: (id) => admissions().get(id) === 'run',
  })
  const late = lateWrites({
    ...{ store, log, deployment: cluster.deployment },
    adopt(one) {
      track(one)
      look(one.record.task.id)
    },
    run: (id, work) => serial.run(id, () => untilDone(id, work)),
    isTracked: (id) => tracked.has(id),
    sleep: (ms) => clock.sleep(ms, signal),
  })
  const inbox = inboxOf({
    object: inboxObject(client, surroundings, options.run),
    ...{ clock, signal },
    log: (text) => log('-', text),
  })
  const takeAndLook = async (message: Message): Promise<void> => {
    look(await take(message))
    lookAtOthers()
  }
  /** Takes what an earlier run was told, and has not kept. */
  const restore = (text: string): void => {
    const read = readLetter(text, config.id)
    if (read === undefined) return
    const [letter, message] = read
    log(letter.taskId, `${message.type} is done now`)
    inbox.restore(letter, takeAndLook(message))
  }
  const checkSubscriptions = async (): Promise<void> => {
    const listed = await broker.subscriptions()
    if (listed === undefined) return
    for (const id of tracked.keys())
      await serial.run(id, async () => {
        const one = tracked.get(id)
        if (one === undefined) return
        for (const unknown of unknownTo(one.record.progress, listed))
          await broker.unsubscribe(unknown)
        const progress = subscriptions.withoutLost(one.record.progress, listed)
        if (progress === undefined) return
        log(id, 'the broker has lost its subscriptions')
        one.record = { ...one.record, progress }
        look(id)
      })
  }
  const every = async (ms: number, work: () => Promise<void>): Promise<void> => {
    while (!signal.aborted) {
      await clock.sleep(ms, signal).catch(() => {})
      if (!signal.aborted) await work().catch((error: Error) => log('-', error.message))
    }
  }

  return {
    async start() {
      for (let attempt = 1; ; attempt++) {
        try {
          const left = await inbox.open()
          const found = await store.recover((name) => log('-', `Deployment ${name} cannot be read`))
          found.forEach(track)
          left.forEach(restore)
          for (const { record } of found) log(record.task.id, 'is found again')
          break
        } catch (error) {
          log('-', `tasks cannot be listed: ${(error as Error).message}`)
          await clock.sleep(Math.min(LONGEST_RETRY_MS, SHORTEST_RETRY_MS * 2 ** attempt), signal)
        }
      }
      void cluster.follow()
      void every(SUBSCRIPTIONS_MS, checkSubscriptions)
      lookAtAll()
    },
    async accept(message, text) {
      const letter = letterOf(message, text, config.id)
      const work = takeAndLook(message)
      await (letter === undefined ? work : inbox.accept(letter, work))
    },
    count: () => admissions().size,
    counts() {
      const counts = { running: 0, starting: 0, paused: 0, waiting: 0, failed: 0, removing: 0 }
      for (const one of tracked.values()) counts[stateOf(one)]++
      return counts
    },
    isCurrent: cluster.isCurrent,
    idle: serial.idle,
    async endAll() {
      const ends = [...tracked.values()].map((one) =>
        serial.run(one.record.task.id, async () => {
          forget(one.record.task.id)
          await act.end(one)
        }),
      )
      await Promise.allSettled([...ends, inbox.end()])
    },
  }
}

function retryMs({ failures }: Tracked): number {
  return Math.min(LONGEST_RETRY_MS, SHORTEST_RETRY_MS * 2 ** Math.min(10, failures - 1))
}
