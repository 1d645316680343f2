import pg from 'pg'

/** Connections to the shop's database, made when they are needed and again when they were lost. */
export function database() {
  const pool = new pg.Pool({
    host: process.env.POSTGRES_HOST,
    user: process.env.POSTGRES_USER,
    password: process.env.POSTGRES_PASSWORD,
    database: process.env.POSTGRES_DB,
    max: 5,
    connectionTimeoutMillis: 3000,
    query_timeout: 10_000,
    keepAlive: true,
  })
  pool.on('error', (error) => console.error(`database: ${error.message}`))
  return pool
}
