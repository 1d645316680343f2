const { createServer } = require('node:http')
const { randomUUID } = require('node:crypto')

const role = process.argv[2]
const id = randomUUID()
const get = async (url, options) => (await fetch(url, options)).text()
const state = { id, startedAt: new Date().toISOString() }
const workers = new Set()
let key

const answers = {
  broker: () => JSON.stringify(state),
  master: (request) => {
    if (request.url.startsWith('/join/')) workers.add(request.url.slice(6))
    if (request.url === '/forget') workers.clear()
    if (request.url === '/workers')
      return request.method === 'POST' ? [...workers].join() : 'POST only'
    return JSON.stringify(state)
  },
  worker: () => JSON.stringify(state),
  store: (request) => {
    if (request.method === 'PUT') key = id
    if (request.url === '/key') return key
    return JSON.stringify(state)
  },
  reader: () => JSON.stringify(state),
}

async function main() {
  // what is learnt at the start is never asked for again
  if (role === 'master' || role === 'worker')
    state.broker = JSON.parse(await get('http://broker:8000/')).id
  if (role === 'worker') {
    state.master = JSON.parse(await get('http://master:8000/')).id
    await get('http://master:8000/join/worker-1')
  }
  if (role === 'reader') state.key = await get('http://store:8000/key')
  if (role === 'seed') {
    await get('http://store:8000/key', { method: 'PUT' })
    process.exit(0)
  }
  createServer((request, response) => {
    request.resume()
    const text = answers[role](request)
    response.writeHead(text === undefined ? 404 : 200).end(text)
  }).listen(8000)
}

process.on('SIGTERM', () => process.exit(0))
main().catch((error) => {
  console.error(error.message)
  process.exit(1)
})
