import type { AddressInfo } from 'node:net'
import { createServer, connect as dial, type Socket } from 'node:net'
import type { RabbitMq } from '@landfall/testkit'
import { connect } from 'amqplib'

export interface Heard {
  Type: string
  RoutingKey: string
  From: string
  // biome-ignore lint/suspicious/noExplicitAny: what the worker says is what is tested
  PayLoad: any
}

/** A scripted master: it sends what a test says, and remembers what workers say. */
export interface ScriptedMaster {
  heard: Heard[]
  /** The status of a task that was reported last. */
  status(taskId: string): string | undefined
  send(type: string, worker: string, payload: object): Promise<void>
  /** Messages for a worker that it has not acknowledged, while it is not connected. */
  waiting(worker: string): Promise<number>
  /** Takes the messages for a worker by a connection of its own, as one does of which RabbitMQ does not know yet that it is lost. */
  take(worker: string): Promise<{ taken: string[]; end(): Promise<void> }>
  /** The messages that wait for a worker are lost. */
  lose(worker: string): Promise<void>
  /** Any bytes. */
  sendRaw(worker: string, bytes: string): Promise<void>
  close(): Promise<void>
}

/** Binds its queue as FogFlow's master does. */
export async function scriptedMaster({ host, port }: RabbitMq): Promise<ScriptedMaster> {
  const connection = await connect({ hostname: host, port })
  const channel = await connection.createConfirmChannel()
  await channel.assertExchange('fogflow', 'topic', { durable: true, autoDelete: true })
  const { queue } = await channel.assertQueue('', { exclusive: true })
  for (const key of ['heartbeat.*', 'task.']) await channel.bindQueue(queue, 'fogflow', key)
  const heard: Heard[] = []
  await channel.consume(
    queue,
    (message) => {
      if (message !== null) heard.push(JSON.parse(message.content.toString()))
    },
    { noAck: true },
  )
  const sendRaw = (worker: string, bytes: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const options = { contentType: 'application/json' }
      channel.publish('fogflow', `${worker}.`, Buffer.from(bytes), options, (error) =>
        error ? reject(error) : resolve(),
      )
    })
  return {
    heard,
    status: (taskId) =>
      heard.findLast(({ Type, PayLoad }) => Type === 'TASK_UPDATE' && PayLoad.TaskID === taskId)
        ?.PayLoad.Status,
    waiting: async (worker) => (await channel.checkQueue(worker)).messageCount,
    lose: async (worker) => void (await channel.purgeQueue(worker)),
    async take(worker) {
      const other = await connect({ hostname: host, port })
      const its = await other.createChannel()
      const taken: string[] = []
      await its.prefetch(1)
      await its.consume(worker, (message) => void taken.push(String(message?.content)))
      return { taken, end: () => other.close() }
    },
    sendRaw,
    send: (type, worker, payload) =>
      sendRaw(
        worker,
        JSON.stringify({
          ...{ Type: type, RoutingKey: `${worker}.`, From: 'Master.001', PayLoad: payload },
        }),
      ),
    close: () => connection.close(),
  }
}

/** A way to RabbitMQ that can be cut. */
export interface Wire {
  port: number
  /** Ends all connections, and lets nothing through for so long. */
  cut(ms: number): void
  close(): void
}

export async function wireTo({ host, port }: RabbitMq): Promise<Wire> {
  const sockets = new Set<Socket>()
  let cutUntil = 0
  const server = createServer((near) => {
    if (performance.now() < cutUntil) return void near.destroy()
    const far = dial({ host, port })
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one)
      one.on('error', () => other.destroy())
      one.on('close', () => {
        sockets.delete(one)
        other.destroy()
      })
      one.pipe(other)
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    cut(ms) {
      cutUntil = performance.now() + ms
      for (const socket of sockets) socket.destroy()
    },
    close() {
      server.close()
      for (const socket of sockets) socket.destroy()
    },
  }
}
