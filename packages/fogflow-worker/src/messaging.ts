import type { Clock } from '@landfall/kube'
import { type ConfirmChannel, type ConsumeMessage, connect } from 'amqplib'
import type { WorkerConfig } from './config.ts'
import { type Message, parseMessage, printMessage, type Report } from './protocol/message.ts'
import { ProtocolError } from './protocol/read.ts'

/** The exchange of FogFlow, as a worker uses it. */
export interface Messaging {
  /** Sends a message. Throws when there is no connection, or it ends before the message is confirmed. */
  publish(type: Report, routingKey: string, payload: object): Promise<void>
  /** Messages arrive. */
  isConnected(): boolean
  /** No further message is handled. What arrives is the successor's. */
  stopTaking(): void
  /** Waits for the messages that are being handled, and ends the connection. */
  close(): Promise<void>
}

export interface MessagingOptions {
  config: WorkerConfig
  /** `text` is the message as it came. One that it throws on comes again. */
  onMessage(message: Message, text: string): Promise<void>
  /** There is a connection, for the first time or again. */
  onConnected(): void
  log(text: string): void
  clock: Clock
  signal: AbortSignal
}

const EXCHANGE = 'fogflow'

/** Messages that are handled at once: those of one task are in order, those of different tasks need not be. */
const PREFETCH = 200

/**
 * How long the queue waits for a worker that is away. FogFlow's own workers lose every message of such a time, because their queues go
 * with their connection.
 */
const QUEUE_EXPIRES_MS = 60_000

/** Between two heartbeats of AMQP: a connection of which two are missing is over. */
const HEARTBEAT_SECONDS = 10

const CONNECT_MS = 10_000
const SHORTEST_PAUSE_MS = 500
const LONGEST_PAUSE_MS = 5_000
const REDELIVER_MS = 1_000

/** The answer to a request to close may never come: then the connection is given up. */
const CLOSE_MS = 2_000

/** Connects to RabbitMQ, and again whenever the connection is lost, until the signal is aborted. */
export function connectMessaging(options: MessagingOptions): Messaging {
  const { config, onMessage, onConnected, log, clock, signal } = options
  /** What is said of the attempts since the last connection, once. */
  const said = new Set<string>()
  const say = (text: string): void => {
    if (!said.has(text)) log(text)
    said.add(text)
  }
  let channel: ConfirmChannel | undefined
  /** Ends the present connection. */
  let end: () => Promise<void> = async () => {}
  let taking = true
  /** What waits for RabbitMQ, and gets no answer any more when the connection ends. */
  const unanswered = new Set<(error: Error) => void>()
  const handling = new Set<Promise<void>>()

  const handle = async (from: ConfirmChannel, delivery: ConsumeMessage): Promise<void> => {
    let message: Message
    try {
      message = parseMessage(delivery.content)
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error
      log(`a message is left out: ${error.message}`)
      if (from === channel) from.nack(delivery, false, false)
      return
    }
    try {
      await onMessage(message, delivery.content.toString())
      if (from === channel) from.ack(delivery)
    } catch (error) {
      log(`a message comes again: ${(error as Error).message}`)
      await clock.sleep(REDELIVER_MS, signal).catch(() => {})
      if (from === channel) from.nack(delivery, false, true)
    }
  }

  /** One connection, from its beginning to its end. */
  const live = async (): Promise<void> => {
    const { hostname, port, username, password } = config.amqp
    const opened = await connect(
      { protocol: 'amqp', hostname, port, username, password, heartbeat: HEARTBEAT_SECONDS },
      { timeout: CONNECT_MS, clientProperties: { connection_name: config.id } },
    )
    const ended = new Promise<void>((resolve) => {
      opened.once('close', () => {
        channel = undefined
        for (const reject of unanswered) reject(new Error('the connection to RabbitMQ is lost'))
        unanswered.clear()
        resolve()
      })
    })
    const close = (): Promise<unknown> =>
      Promise.race([opened.close().catch(() => {}), ended, clock.sleep(CLOSE_MS)])
    end = async () => void (await close())
    opened.on('error', (error) => log(`the connection to RabbitMQ ends: ${error.message}`))
    try {
      if (signal.aborted) return
      const made = await opened.createConfirmChannel()
      made.on('error', (error) => {
        say(
          isInUse(error)
            ? `another connection has the messages of ${config.id}: they are taken when it ends`
            : `RabbitMQ refuses: ${error.message}`,
        )
        void opened.close().catch(() => {})
      })
      made.on('close', () => void opened.close().catch(() => {}))
      await made.assertExchange(EXCHANGE, 'topic', { durable: true, autoDelete: true })
      await made.assertQueue(config.id, {
        durable: true,
        autoDelete: false,
        expires: QUEUE_EXPIRES_MS,
      })
      await made.bindQueue(config.id, EXCHANGE, `${config.id}.*`)
      // what other workers are asked tells which tasks move
      await made.bindQueue(config.id, EXCHANGE, 'Worker.#')
      await made.prefetch(PREFETCH)
      if (signal.aborted) return
      channel = made
      if (taking)
        await made.consume(
          config.id,
          (delivery) => {
            if (delivery === null) return void made.close().catch(() => {})
            if (!taking) return
            const work: Promise<void> = handle(made, delivery)
              .catch((error: Error) => log(error.message))
              .finally(() => handling.delete(work))
            handling.add(work)
          },
          // Messages that another connection has not acknowledged come back when it ends: a later one must not come before them.
          { consumerTag: config.id, exclusive: true },
        )
      said.clear()
      log(`connected to RabbitMQ at ${hostname}:${port}`)
      onConnected()
      await ended
    } finally {
      channel = undefined
      await close()
    }
  }
  const keepConnected = async (): Promise<void> => {
    for (let failures = 0; !signal.aborted; ) {
      try {
        await live()
        failures = 0
        if (!signal.aborted) log('the connection to RabbitMQ is lost')
      } catch (error) {
        failures++
        if (!isInUse(error)) say(`RabbitMQ cannot be used: ${(error as Error).message}`)
      }
      const pause = Math.min(LONGEST_PAUSE_MS, SHORTEST_PAUSE_MS * 2 ** Math.min(10, failures))
      await clock.sleep(pause, signal).catch(() => {})
    }
  }
  void keepConnected()

  /** What a request is answered; an error when the connection ends before. */
  const answered = (request: (done: (error: unknown) => void, to: ConfirmChannel) => void) =>
    new Promise<void>((resolve, reject) => {
      if (channel === undefined) throw new Error('there is no connection to RabbitMQ')
      unanswered.add(reject)
      request((error) => {
        unanswered.delete(reject)
        if (error) reject(error as Error)
        else resolve()
      }, channel)
    })

  return {
    publish(type, routingKey, payload) {
      const content = Buffer.from(printMessage(type, routingKey, config.id, payload))
      const options = { contentType: 'application/json', persistent: false }
      return answered((done, to) => void to.publish(EXCHANGE, routingKey, content, options, done))
    },
    isConnected: () => channel !== undefined && taking,
    stopTaking() {
      // The consumer stays until the connection ends, and with it what is not acknowledged: none comes to the successor before that.
      taking = false
    },
    async close() {
      await Promise.allSettled(handling)
      await end()
    },
  }
}

/** Another consumer has the queue. https://www.rabbitmq.com/docs/consumers#exclusivity */
function isInUse(error: unknown): boolean {
  return (error as { code?: number }).code === 403 && /exclusive use/.test(String(error))
}
