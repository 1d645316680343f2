import amqp from 'amqplib'

const QUEUE = 'orders'
const RETRY_MS = 1000

/**
 * A channel to the durable queue of orders that is opened again whenever it is lost.
 * `use` is called with each new channel; `current()` is undefined while there is none.
 */
export function ordersQueue(url, use = async () => {}) {
  let channel
  let closing = false
  let connection

  async function open() {
    try {
      connection = await amqp.connect(url, { timeout: 3000, heartbeat: 10 })
      connection.on('error', (error) => console.error(`queue: ${error.message}`))
      connection.once('close', again)
      const opened = await connection.createConfirmChannel()
      opened.on('error', (error) => console.error(`queue: ${error.message}`))
      opened.once('close', () => connection.close().catch(() => {}))
      await opened.assertQueue(QUEUE, { durable: true })
      await use(opened, QUEUE)
      channel = opened
      console.log('queue: connected')
    } catch (error) {
      console.error(`queue: ${error.message}`)
      if (connection === undefined) again()
      else await connection.close().catch(() => {})
    }
  }

  function again() {
    channel = undefined
    connection = undefined
    if (!closing) setTimeout(open, RETRY_MS)
  }

  open()
  return {
    current: () => channel,
    /** Resolves when the broker has the message on disk. */
    async send(order) {
      if (channel === undefined) throw new Error('no connection to the queue')
      const body = Buffer.from(JSON.stringify(order))
      const sent = channel
      await new Promise((resolve, reject) => {
        sent.once('close', reject)
        sent.sendToQueue(QUEUE, body, { persistent: true }, (error) => {
          sent.off('close', reject)
          if (error) reject(error)
          else resolve()
        })
      })
    },
    async close() {
      closing = true
      await connection?.close().catch(() => {})
    },
  }
}
