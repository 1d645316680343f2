import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { database } from './database.js'

/** Runs each `*.sql` of a directory that has not run before, in the order of the names, all or nothing each. */
async function migrate(client, directory) {
  await client.query('select pg_advisory_lock(4711)')
  await client.query(
    'create table if not exists migrations (name text primary key, at timestamptz not null default now())',
  )
  const { rows } = await client.query('select name from migrations')
  const done = new Set(rows.map(({ name }) => name))
  const names = (await readdir(directory)).filter((name) => name.endsWith('.sql')).sort()
  for (const name of names) {
    if (done.has(name)) continue
    const started = Date.now()
    await client.query('begin')
    await client.query(await readFile(join(directory, name), 'utf8'))
    await client.query('insert into migrations (name) values ($1)', [name])
    await client.query('commit')
    console.log(`migrate: ${name} took ${Date.now() - started} ms`)
  }
  console.log(`migrate: the database is up to date with ${names.length} migrations`)
}

process.once('SIGTERM', () => process.exit(143))

const pool = database(0)
const client = await pool.connect()
try {
  await migrate(client, process.argv[2])
} catch (error) {
  console.error(`migrate: ${error.message}`)
  process.exitCode = 1
} finally {
  client.release(true)
  await pool.end()
}
