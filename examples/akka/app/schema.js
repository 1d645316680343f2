import { database } from './database.js'

const pool = database()
try {
  await pool.query(`create table if not exists post (
    id int not null auto_increment primary key,
    title varchar(255) not null,
    content text not null,
    posted_at datetime not null
  ) default character set utf8mb4`)
  console.log('schema: the table post is there')
} catch (error) {
  console.error(`schema: ${error.message}`)
  process.exitCode = 1
} finally {
  await pool.end()
}
