import { setTimeout as pause } from 'node:timers/promises'
import amqp from 'amqplib'

const QUEUE = 'orders'
const RETRY_MS = 1000

const complain = (error) => console.error(`queue: ${error.message}`)

/**
 * A channel to the durable queue of orders that is opened again whenever it is lost.
 * `use` is called with each new channel; `current()` is undefined while there is none.
 */
export function ordersQueue(url, use = async () => {}) {
  let connection
  let channel
  let closing = false

  /** One connection from its beginning to its end. */
  async function session() {
    connection = await amqp.connect(url, { timeout: 3000, heartbeat: 10 })
    connection.on('error', complain)
    const lost = new Promise((resolve) => connection.once('close', resolve))
    try {
      await Promise.race([openChannel(), lost])
      await lost
    } finally {
      channel = undefined
      await connection.close().catch(() => {})
    }
  }

  async function openChannel() {
    const opened = await connection.createConfirmChannel()
    opened.on('error', complain)
    opened.once('close', () => connection.close().catch(() => {}))
    await opened.assertQueue(QUEUE, { durable: true })
    await use(opened, QUEUE)
    channel = opened
    console.log('queue: connected')
  }

  async function keepOpen() {
    while (!closing) {
      await session().catch(complain)
      if (!closing) await pause(RETRY_MS)
    }
  }

  const ended = keepOpen()
  return {
    current: () => channel,
    /** Resolves when the broker has the message on disk. */
    async send(order) {
      if (channel === undefined) throw new Error('no connection to the queue')
      const body = Buffer.from(JSON.stringify(order))
      const sender = channel
      await new Promise((resolve, reject) => {
        const lost = () => reject(new Error('the connection to the queue was lost'))
        sender.once('close', lost)
        sender.sendToQueue(QUEUE, body, { persistent: true }, (error) => {
          sender.off('close', lost)
          if (error) reject(error)
          else resolve()
        })
      })
    },
    async close() {
      closing = true
      await connection?.close().catch(() => {})
      await ended
    },
  }
}
