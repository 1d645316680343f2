import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import { database } from './database.js'
import { ordersQueue } from './queue.js'

const { PORT, AMQP_URL, CATALOG_URL } = process.env
const db = database()
const queue = ordersQueue(AMQP_URL)

async function placeOrder(request) {
  const { product, quantity } = JSON.parse(await textOf(request))
  if (typeof product !== 'string' || !Number.isInteger(quantity) || quantity < 1 || quantity > 99)
    return [400, { error: 'an order has a product and a quantity from 1 to 99' }]
  const found = await fetch(`${CATALOG_URL}/api/products/${encodeURIComponent(product)}`)
  if (found.status === 404) return [404, { error: `there is no product ${product}` }]
  if (!found.ok) throw new Error(`catalog answered ${found.status}`)
  const { price } = await found.json()
  const order = {
    id: randomUUID(),
    product,
    quantity,
    total: price * quantity,
    placed: new Date().toISOString(),
  }
  await queue.send(order)
  return [202, order]
}

async function findOrder(id) {
  if (!/^[0-9a-f-]{36}$/.test(id)) return [404, { error: 'no such order' }]
  const { rows } = await db.query('select * from orders where id = $1', [id])
  return rows.length === 0 ? [404, { error: 'no such order' }] : [200, rows[0]]
}

/** Well is who can do both: read orders, and take new ones. */
async function health() {
  await db.query('select 1 from orders limit 1')
  if (queue.current() === undefined) return [503, { error: 'no connection to the queue' }]
  return [200, { status: 'ok' }]
}

async function route(request) {
  const { pathname } = new URL(request.url, 'http://api')
  const order = /^\/api\/orders\/([^/]+)$/.exec(pathname)
  if (request.method === 'POST' && pathname === '/api/orders') return placeOrder(request)
  if (request.method === 'GET' && order !== null) return findOrder(order[1])
  if (request.method === 'GET' && pathname === '/healthz') return health()
  return [404, { error: 'not found' }]
}

async function textOf(request) {
  let text = ''
  for await (const chunk of request.setEncoding('utf8')) text += chunk
  return text
}

const server = createServer(async (request, response) => {
  const [status, body] = await route(request).catch((error) => {
    if (error instanceof SyntaxError) return [400, { error: 'the body is not JSON' }]
    console.error(`${request.method} ${request.url}: ${error.message}`)
    return [503, { error: 'try again in a moment' }]
  })
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
})

server.listen(Number(PORT), () => console.log(`api: listening on ${PORT}`))

process.once('SIGTERM', () => {
  server.close(async () => {
    await queue.close()
    await db.end()
    process.exit(0)
  })
  server.closeIdleConnections()
})
