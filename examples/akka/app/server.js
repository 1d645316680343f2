import { createServer } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { database } from './database.js'

/** What is served after SIGTERM, while others learn that this copy is going. */
const LAST_MS = 3000

const pool = database()
let ending = false

const escaped = (text) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`)

async function list(response) {
  const [posts] = await pool.query('select id, title, content from post order by id desc limit 20')
  const items = posts.map(({ title, content }) => `<li><b>${escaped(title)}</b> ${escaped(content)}`)
  send(response, 200, 'text/html', `<h1>${escaped(process.env.TITLE ?? '')}</h1>
<form method="post" action="/post"><input name="title"><input name="content"><button>Post</button></form>
<ul>${items.join('\n')}</ul>
`)
}

async function add(request, response) {
  let body = ''
  for await (const chunk of request) {
    body += chunk
    if (body.length > 100_000) return send(response, 413, 'text/plain', 'too long\n')
  }
  const form = new URLSearchParams(body)
  const [title, content] = [form.get('title'), form.get('content')]
  if (!title || !content) return send(response, 400, 'text/plain', 'title and content, please\n')
  await pool.execute('insert into post (title, content, posted_at) values (?, ?, now())', [title, content])
  response.setHeader('location', '/post')
  send(response, 303, 'text/plain', '')
}

async function answer(request, response) {
  const { method, url } = request
  const path = url?.split('?')[0]
  if (path === '/health') return send(response, ending ? 503 : 200, 'text/plain', ending ? 'ending\n' : 'ok\n')
  if (path === '/post' && method === 'POST') return add(request, response)
  if (path === '/' || path === '/post') return list(response)
  return send(response, 404, 'text/plain', 'not found\n')
}

function send(response, status, type, text) {
  // who keeps a connection to a copy that is going would be cut off
  if (ending) response.setHeader('connection', 'close')
  response.writeHead(status, { 'content-type': `${type}; charset=utf-8` })
  response.end(text)
}

const server = createServer((request, response) => {
  answer(request, response).catch((error) => {
    console.error(`${request.method} ${request.url}: ${error.message}`)
    if (!response.headersSent) send(response, 500, 'text/plain', 'the database does not respond\n')
  })
})
server.listen(Number(process.env.SERVER_PORT), () => console.log('ready'))

process.once('SIGTERM', async () => {
  ending = true
  console.log('ending')
  await pause(LAST_MS)
  server.close()
  server.closeIdleConnections()
  await pool.end()
})
