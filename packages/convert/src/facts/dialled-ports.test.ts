import { expect, test } from 'vitest'
import { dialledByPairs, dialledIn } from './dialled-ports.ts'

function dialled(text: string, variable?: string): string[] {
  const where = 'here'
  return dialledIn({
    text,
    where,
    pointer: '',
    replace() {},
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
  'http:',
  '',
])('%s dials nobody', (text) => {
  expect(dialled(text).filter((found) => !found.startsWith('sha256'))).toEqual([])
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
