import { setMaxListeners } from 'node:events'
import type { Clock, Fetch, KubeClient } from '@landfall/kube'
import { brokerAt } from './broker.ts'
import type { WorkerConfig } from './config.ts'
import type { Health } from './health.ts'
import { connectMessaging } from './messaging.ts'
import type { Ending, Owner } from './owner.ts'
import { profileOf } from './protocol/profile.ts'
import { taskList } from './tasks/task-list.ts'

export interface WorkerOptions {
  config: WorkerConfig
  client: KubeClient
  /** For the broker. */
  fetch: Fetch
  /** Whether the address of a task accepts a connection. */
  connects(url: string): Promise<boolean>
  clock: Clock
  /** Milliseconds since 1970. */
  now(): number
  /** Writes a line of the log: what it is about, and what happened. */
  log(about: string, text: string): void
  /** Of Node: `x64`, `arm64`. */
  arch: string
  owner?: Owner
  /** Differs for each start. */
  run: string
}

/** A worker at work. */
export interface Worker {
  health: Health
  /** Ends it. A worker that is replaced says nothing, and leaves its tasks to its successor. */
  stop(ending: Ending): Promise<void>
}

const HEARTBEAT_MS = 10_000

/** So long after the last heartbeat that RabbitMQ confirmed, the worker counts as deaf. */
const DEAF_MS = 30_000

/** Starts a worker: it finds its tasks, and listens when it knows them. */
export function startWorker(options: WorkerOptions): Worker {
  const { config, client, fetch, connects, clock, now, log, arch, owner, run } = options
  const stopped = new AbortController()
  const { signal } = stopped
  // one for each pause of a task
  setMaxListeners(0, signal)
  const messages: { current?: ReturnType<typeof connectMessaging> } = {}
  const publish: ReturnType<typeof connectMessaging>['publish'] = async (...message) => {
    if (messages.current === undefined) throw new Error('there is no connection to RabbitMQ')
    await messages.current.publish(...message)
  }
  const tasks = taskList({
    ...{ client, clock, now, log, signal, publish, connects, run },
    broker: brokerAt(config.brokerUrl, fetch),
    surroundings: { config, ...(owner !== undefined && { owner }) },
  })
  let heardAt = Number.NEGATIVE_INFINITY
  const say = async (type: 'WORKER_JOIN' | 'WORKER_HEARTBEAT' | 'WORKER_LEAVE'): Promise<void> => {
    await publish(type, 'heartbeat.', profileOf(config, tasks.count(), arch))
    heardAt = clock.now()
  }
  const unheard = (error: Error): void => log('-', `the master is not reached: ${error.message}`)

  const listen = async (): Promise<void> => {
    await tasks.start()
    if (signal.aborted) return
    messages.current = connectMessaging({
      ...{ config, clock, signal },
      log: (text) => log('-', text),
      onMessage: tasks.accept,
      onConnected: () => void say('WORKER_JOIN').catch(unheard),
    })
  }
  listen().catch((error: Error) => log('-', error.message))
  const beat = async (): Promise<void> => {
    while (!signal.aborted) {
      await clock.sleep(HEARTBEAT_MS, signal).catch(() => {})
      if (!signal.aborted && messages.current?.isConnected())
        await say('WORKER_HEARTBEAT').catch(unheard)
    }
  }
  void beat()

  return {
    health: {
      counts: tasks.counts,
      capacity: config.capacity,
      isConnected: () => messages.current?.isConnected() === true,
      problems: () => [
        ...(messages.current?.isConnected() ? [] : ['no messages arrive from RabbitMQ']),
        ...(clock.now() - heardAt > DEAF_MS
          ? ['RabbitMQ has confirmed no heartbeat for 30 s']
          : []),
        ...(tasks.isCurrent() ? [] : ['the API server does not answer']),
      ],
    },
    async stop(ending) {
      messages.current?.stopTaking()
      // what is not kept in the cluster yet comes again to the successor
      stopped.abort(new Error('the worker ends'))
      await tasks.idle()
      if (ending !== 'replaced') await say('WORKER_LEAVE').catch(unheard)
      if (ending === 'deleted') await tasks.endAll()
      await messages.current?.close()
    },
  }
}
