import { database } from './database.js'
import { ordersQueue } from './queue.js'

const db = database()

async function store({ id, product, quantity, total, placed }) {
  await db.query(
    `insert into orders (id, product, quantity, total, placed) values ($1, $2, $3, $4, $5)
     on conflict (id) do nothing`,
    [id, product, quantity, total, placed],
  )
}

/** An order leaves the queue when it is in the database; until then it is tried again. */
async function consume(channel, name) {
  await channel.prefetch(10)
  await channel.consume(name, async (message) => {
    if (message === null) return channel.close()
    const order = JSON.parse(message.content)
    for (;;) {
      try {
        await store(order)
        channel.ack(message)
        console.log(`worker: stored order ${order.id}`)
        return
      } catch (error) {
        if (error.name === 'IllegalOperationError') return // the channel is gone: the broker sends the order again
        console.error(`worker: order ${order.id}: ${error.message}`)
        if (error.code?.startsWith('23')) return channel.nack(message, false, false) // it can never be stored
        await new Promise((resolve) => setTimeout(resolve, 1000))
      }
    }
  })
}

const queue = ordersQueue(process.env.AMQP_URL, consume)

process.once('SIGTERM', async () => {
  await queue.close()
  await db.end()
  process.exit(0)
})
