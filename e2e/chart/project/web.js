// Greets with what it was started with, and what the one-shot has left in the store.
const { createServer } = require('node:http')
const { connect } = require('node:net')

const text = 'of the file'

const stored = () =>
  new Promise((resolve, reject) => {
    const store = connect(6379, 'store', () => store.write('GET page\r\n'))
    store.on('error', reject)
    store.once('data', (data) => {
      store.destroy()
      resolve(data.toString().split('\r\n')[1])
    })
  })

stored()
  .then((page) => {
    const { GREETING, PAGE_TOKEN } = process.env
    const answer = [GREETING, text, page, PAGE_TOKEN].join(' | ')
    const server = createServer((_request, response) => response.end(answer)).listen(8000)
    process.on('SIGTERM', () => server.close(() => process.exit(0)))
  })
  .catch((error) => {
    console.error(error.message)
    process.exit(1)
  })
