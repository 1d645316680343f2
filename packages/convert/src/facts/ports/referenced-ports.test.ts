import { expect, test } from 'vitest'
import { dialledByOptions, dialledByPairs, dialledIn } from './referenced-ports.ts'

function dialled(text: string, variable?: string): string[] {
  return dialledIn({
    text,
    place: { kind: 'command', index: 0 },
    ...(variable === undefined ? {} : { variable }),
  }).map(({ host, port }) => `${host}:${port}`)
}

test.each([
  ['http://api:3000/x', 'api:3000'],
  ['postgres://shop:secret@db/shop', 'db:5432'],
  ['amqp://u:p@mq:5673/v', 'mq:5673'],
  ['jdbc:mysql://db:3306/example', 'db:3306'],
  ['https://api', 'api:443'],
  ['HTTP://Api.Example:8080', 'api.example:8080'],
  ['--bootstrap=kafka-1:9092,kafka-2:9093', 'kafka-1:9092 kafka-2:9093'],
  ['zk:2181/chroot', 'zk:2181'],
  ['proxy_pass http://web_1:8000;', 'web_1:8000'],
  ['tcp(db:3306)', 'db:3306'],
  ['root:pw@tcp(db:3306)/x', 'db:3306'],
  ['dns:53', 'dns:53'],
  ['server.2=zoo2:2888:3888;2181', 'zoo2:2888 zoo2:3888 zoo2:2181'],
  ['kc1[7800],kc2[7801]', 'kc1:7800 kc2:7801'],
  ["connect(('db', 5432))", 'db:5432'],
  ['new Socket("db", 5701)', 'db:5701'],
  ['[["db", 5701], ["db", 5702]]', 'db:5701 db:5702'],
  ['server = ("db", 5701)', 'db:5701'],
  ['until nc -z db 5432; do sleep 1; done', 'db:5432'],
  ['nc -w 2 -vz db 5432', 'db:5432'],
  ['echo > /dev/tcp/db/5432', 'db:5432'],
])('%s dials %s', (text, expected) => {
  expect([...new Set(dialled(text))].join(' ')).toBe(expected)
})

test.each([
  'postgres:15',
  'redis:7.0',
  'at 12:30:15',
  'a:99999',
  'sha256:1234',
  'x:80abc',
  'items[1]',
  'cache("a", 3600)',
  'sync 5000 times',
  'rabbit@rabbit1',
  'http:',
  '',
])('%s dials nobody', (text) => {
  expect(dialled(text).filter((found) => !found.startsWith('sha256'))).toEqual([])
})

test.each([
  ['redis-cli -h store -p 6380 ping', 'store:6380'],
  ['until redis-cli -h store set primary yes; do sleep 1; done', 'store:6379'],
  ['x --port 8080 --host api', 'api:8080'],
  ['pg_isready --host=db -U shop', 'db:5432'],
  ['/usr/bin/mysqladmin ping -h "db"', 'db:3306'],
  ['sh -c mongosh --host mongo1 && echo --port 99', 'mongo1:27017'],
  ['docker run -h web', ''],
  ['df -h web; x -p 8080', ''],
])('%s connects to %s by its options', (text, expected) => {
  const found = dialledByOptions(text, { kind: 'settings' }).map(
    ({ host, port }) => `${host}:${port}`,
  )
  expect(found.join(' ')).toBe(expected)
})

test('a variable that names an image dials nobody', () => {
  expect(dialled('registry:5000/postgres', 'DB_IMAGE')).toEqual([])
})

test('a host and a port in two variables are one address', () => {
  const found = dialledByPairs({
    DB_HOST: 'db',
    DB_PORT: '5432',
    REDISHOST: 'cache',
    REDISPORT: '6379',
    HOST: 'own',
    PORT: '80',
    MQ_HOST: 'mq',
    MQ_PORT: 'amqp',
  })
  expect(found.map(({ host, port }) => `${host}:${port}`)).toEqual([
    'db:5432',
    'cache:6379',
    'own:80',
  ])
})
