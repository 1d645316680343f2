import mysql from 'mysql2/promise'

/** Connections to the database of `DB_URL`, made when they are needed: the program starts without it. */
export function database() {
  const url = new URL((process.env.DB_URL ?? '').replace(/^jdbc:/, ''))
  return mysql.createPool({
    host: url.hostname,
    port: Number(url.port || 3306),
    database: url.pathname.slice(1),
    user: process.env.DB_USER_NAME,
    password: process.env.DB_USER_PASSWORD,
    connectionLimit: 10,
    connectTimeout: 3000,
    // A connection that is not used for so long is closed: after the database has moved, new ones go to the new place.
    idleTimeout: 10_000,
    maxIdle: 2,
  })
}
