import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseWait, printWait, type Wait } from './wait.ts'

const word = fc.stringMatching(/^[a-z0-9][a-z0-9.:/_-]{0,20}$/)
const text = fc
  .string({ unit: 'grapheme', minLength: 1 })
  .filter((one) => one === one.trim() && !/[\n\r\u2028\u2029]/.test(one))
const port = fc.integer({ min: 1, max: 65535 })
const ports = fc.array(port, { minLength: 1, maxLength: 5 })

const request = fc.record(
  {
    method: fc.constantFrom('GET', 'POST', 'PUT'),
    headers: fc.dictionary(fc.stringMatching(/^[A-Za-z-]{1,12}$/), fc.string(), {
      minKeys: 1,
      noNullPrototype: true,
    }),
    body: fc.string({ unit: 'grapheme' }),
  },
  { requiredKeys: ['method'] },
)

const plain: fc.Arbitrary<Exclude<Wait, { kind: 'not' }>> = fc.oneof(
  fc.record(
    { kind: fc.constantFrom('job' as const, 'job-or-ready' as const), job: word, label: word },
    { requiredKeys: ['kind', 'job'] },
  ),
  fc.record({ kind: fc.constantFrom('started' as const, 'healthy' as const), host: word, ports }),
  fc.record({ kind: fc.constant('tcp' as const), host: word, port }),
  fc.record({ kind: fc.constantFrom('dns' as const, 'ready-name' as const), host: word }),
  fc.record({ kind: fc.constant('pods' as const), name: word, instance: word }),
  fc.record(
    {
      kind: fc.constant('http' as const),
      url: word.map((path) => `http://${path}`),
      status: fc.oneof(fc.constant('2xx' as const), fc.integer({ min: 100, max: 599 })),
      text,
      request,
    },
    { requiredKeys: ['kind', 'url', 'status'] },
  ),
  fc.record({ kind: fc.constant('file' as const), path: text.map((path) => `/${path}`) }),
  fc.record({ kind: fc.constant('rollout' as const), deployment: word, template: word }),
  fc.record({
    kind: fc.constant('znode' as const),
    host: word,
    port,
    path: text.map((path) => `/${path}`),
  }),
  fc.record(
    {
      kind: fc.constant('consumer' as const),
      url: word.map((host) => `http://${host}`),
      login: word,
      vhost: text,
      queue: text,
    },
    { requiredKeys: ['kind', 'url', 'vhost', 'queue'] },
  ),
  fc.record({
    kind: fc.constant('rows' as const),
    client: fc.constantFrom('mysql' as const, 'postgres' as const),
    host: word,
    port,
    login: word,
    query: text.map((rest) => `SELECT ${rest}`),
  }),
)

const wait: fc.Arbitrary<Wait> = fc.oneof(
  plain,
  plain.map((one): Wait => ({ kind: 'not', wait: one })),
)

test('what is printed is read back as it was', () => {
  fc.assert(
    fc.property(wait, (one) => {
      expect(parseWait(printWait(one))).toEqual(one)
    }),
  )
})

test.each<[string, Wait]>([
  ['job migrate-3f9c51aa07 migrate', { kind: 'job', job: 'migrate-3f9c51aa07', label: 'migrate' }],
  ['job-or-ready seed', { kind: 'job-or-ready', job: 'seed' }],
  ['healthy db-ready 5432 5433', { kind: 'healthy', host: 'db-ready', ports: [5432, 5433] }],
  ['ready-name dns', { kind: 'ready-name', host: 'dns' }],
  ['pods web shop', { kind: 'pods', name: 'web', instance: 'shop' }],
  [
    'http 2xx http://consul:8500/v1/kv?keys all of it',
    { kind: 'http', url: 'http://consul:8500/v1/kv?keys', status: '2xx', text: 'all of it' },
  ],
  ['rollout mq 3f9c51aa07', { kind: 'rollout', deployment: 'mq', template: '3f9c51aa07' }],
  [
    'request 200 http://a:1/ request\\0040=\\0040"PUT"\\0012data-raw\\0040=\\0040"a\\0134nb"\\0012 ok',
    {
      kind: 'http',
      url: 'http://a:1/',
      status: 200,
      text: 'ok',
      request: { method: 'PUT', body: 'a\nb' },
    },
  ],
  ['file /data/my file', { kind: 'file', path: '/data/my file' }],
  [
    'not znode zk 2181 /otter/node/1',
    { kind: 'not', wait: { kind: 'znode', host: 'zk', port: 2181, path: '/otter/node/1' } },
  ],
  [
    'consumer http://mq:15672 LOGIN_1 %2F jobs',
    { kind: 'consumer', url: 'http://mq:15672', login: 'LOGIN_1', vhost: '/', queue: 'jobs' },
  ],
  [
    'rows mysql db 3306 LOGIN_1 SELECT 1 FROM node',
    {
      kind: 'rows',
      ...{ client: 'mysql', host: 'db', port: 3306, login: 'LOGIN_1', query: 'SELECT 1 FROM node' },
    },
  ],
])('%s', (line, expected) => {
  expect(parseWait(line)).toEqual(expected)
  expect(printWait(expected)).toBe(line)
})

test.each([
  '',
  '# job a',
  'job',
  'tcp db',
  'tcp db x',
  'started db',
  'pods web',
  'http db x',
  'udp db 1',
  'not',
  'not not dns db',
  'znode zk 2181',
  'consumer http://mq:15672 - %2F',
  'rows oracle db 1 LOGIN_1 SELECT 1',
])('no wait: "%s"', (line) => {
  expect(parseWait(line)).toBeUndefined()
})
