import pg from 'pg'

/**
 * Connections to the shop's database, made when they are needed and again when they were lost. A query that takes longer
 * than `patience` milliseconds fails; 0 lets it take its time.
 */
export function database(patience = 10_000) {
  const pool = new pg.Pool({
    host: process.env.POSTGRES_HOST,
    user: process.env.POSTGRES_USER,
    password: process.env.POSTGRES_PASSWORD,
    database: process.env.POSTGRES_DB,
    max: 5,
    connectionTimeoutMillis: 3000,
    query_timeout: patience,
    keepAlive: true,
  })
  pool.on('error', (error) => console.error(`database: ${error.message}`))
  return pool
}
