import { expect, test } from 'vitest'
import { convert } from '../../test-conversion.ts'

const health = 'healthcheck: { test: "true" }'

/** Why the names of `db` lead to it ready or not; undefined where they lead to it when it is ready. */
function early(services: string, settings = {}): string | undefined {
  const { plan } = convert(`services:\n${services.replace(/^/gm, '  ')}`, {
    settings: { services: settings },
  })
  const reach = plan.services.find(({ service }) => service === 'db')?.reach
  return reach?.mode === 'always' ? reach.because.text : undefined
}

test.each([
  ['a variable', `app: { image: x, environment: { DB: "tcp://db:1" } }`, 'environment.DB'],
  ['a command', `app: { image: x, command: [sh, -c, "probe db"] }`, 'command'],
  ['a test of health', `app: { image: x, healthcheck: { test: probe db } }`, 'healthcheck'],
  ['depends_on', 'app: { image: x, depends_on: [db] }', 'depends_on'],
  ['an alias', 'app: { image: x, environment: { DB: data } }', 'environment.DB'],
])('somebody may connect early who names it in %s', (_, app, where) => {
  const db = `db: { image: x, ${health}, networks: { default: { aliases: [data] } } }`
  expect(early(`${db}\n${app}`)).toBe(`app may connect to it before it is healthy (${where})`)
})

test.each([
  ['a user', 'app: { image: x, environment: { PG_USER: db } }'],
  ['a path', 'app: { image: x, command: /srv/db/run }'],
  ['a program', 'app: { image: x, command: db --serve }'],
  ['a list of exceptions', 'app: { image: x, environment: { no_proxy: "db" } }'],
])('nobody connects who names %s like it', (_, app) => {
  expect(early(`db: { image: x, ${health} }\n${app}`)).toBeUndefined()
})

const waiting = 'environment: { DB: db }'
const healthy = 'depends_on: { db: { condition: service_healthy } }'

test.each([
  ['itself', `app: { image: x, ${waiting}, ${healthy} }`],
  [
    'for one that waits, until it has started',
    `app: { image: x, ${waiting}, depends_on: [api] }\napi: { image: x, ${healthy} }`,
  ],
  [
    'for a one-shot that waits',
    `app: { image: x, ${waiting}, depends_on: { seed: { condition: service_completed_successfully } } }
seed: { image: x, ${healthy} }`,
  ],
  [
    'as a part of the pod of one that waits',
    `app: { image: x, ${waiting}, network_mode: "service:api" }\napi: { image: x, ${healthy} }`,
  ],
])('one who waits %s is not early', (_, services) => {
  expect(early(`db: { image: x, ${health} }\n${services}`)).toBeUndefined()
})

test('an effect of landfall.yaml that is asked of it is a wait for it', () => {
  const services = `db: { image: x, ${health}, expose: ["1"] }\napp: { image: x, ${waiting} }`
  expect(early(services, { app: { waitsFor: [{ tcp: 'db:1' }] } })).toBeUndefined()
  expect(early(services, { app: { waitsFor: [{ dns: 'db' }] } })).toContain('app may connect')
})

test('a container of its own pod is not early, and makes the pod that is waited for', () => {
  const db = `db: { image: x }\nside: { image: x, network_mode: "service:db", ${health}, ${waiting} }`
  expect(early(db)).toBeUndefined()
  expect(early(`${db}\napp: { image: x, ${waiting} }`)).toContain('app may connect')
})

test('one to which it tells its own address may call back', () => {
  const db = (variable: string) =>
    `db: { image: x, ${health}, environment: { MASTER: "http://m:1", ${variable} } }\nm: { image: x }`
  expect(early(db('SELF: "http://db:2/hook"'))).toBe(
    'm may learn its address from it before it is healthy (environment.SELF)',
  )
  expect(early(db('ADVERTISED_HOST: db'))).toContain('m may learn')
  expect(early(db('APP: db'))).toBeUndefined()
})

test.each([
  ['several copies', 'scale: 2'],
  ['new pods first', 'deploy: { update_config: { order: start-first } }'],
  ['no test of health', 'healthcheck: { disable: true }'],
])('with %s names lead to ready pods', (_, key) => {
  const check = key.startsWith('healthcheck') ? key : `${health}, ${key}`
  expect(early(`db: { image: x, ${check} }\napp: { image: x, ${waiting} }`)).toBeUndefined()
})
