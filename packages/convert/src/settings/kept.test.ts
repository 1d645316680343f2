import { loadProject, memoryFiles } from '@landfall/compose'
import { renderDiagnostic } from '@landfall/diagnostic'
import { expect, test } from 'vitest'
import { convert } from '../test-conversion.ts'
import { loadLandfallFile } from './load.ts'

const compose = `name: shop
services:
  mq: { image: x, expose: ["5672"] }
  master: { image: x, expose: ["8010"] }
  worker: { image: x, expose: ["8080"] }
  seed: { image: x }
`

/** The problems of a landfall.yaml, as they are printed. */
function problems(settings: string): string[] {
  const files = memoryFiles({ '/shop/compose.yaml': compose, '/shop/landfall.yaml': settings })
  const { project, origins, projectDirectory, sources } = loadProject({
    files,
    workingDirectory: '/shop',
    environment: {},
  })
  if (project === undefined) throw new Error('the project does not load')
  const read = loadLandfallFile({ files, projectDirectory, project, projectOrigins: origins })
  const all = new Map([...sources, ...read.sources])
  return read.diagnostics.map((one) => renderDiagnostic(one, all).split('\n')[0] ?? '')
}

test.each([
  ['worker: { restartsWith: [rabbit] }', 'there is no service "rabbit"'],
  ['seed: { oneShot: { again: whenGone } }', 'whenGone requires doneWhen'],
  ['seed: { oneShot: { again: always } }', 'again cannot be "always"'],
  ['seed: { oneShot: { doneWhen: { file: /x }, again: whenGone } }', 'file is not supported here'],
  [
    'worker: { waitsFor: [{ tcp: "mq:5672", interval: 5s }] }',
    'after, interval, failures, timeout are only valid where an effect is tested as long as the service runs',
  ],
  [
    'worker: { alive: { tcp: "mq:5672", send: x } }',
    'method, headers, send, status and body are only valid with http',
  ],
  ['worker: { alive: { tcp: "mq:5672", failures: 0 } }', 'failures must be at least 1'],
  ['worker: { alive: { tcp: "mq:5672", interval: soon } }', 'interval cannot be "soon"'],
])('%s: %s', (settings, message) => {
  const [first = '', ...others] = problems(`services:\n  ${settings}\n`)
  expect(first).toContain(message)
  expect(first).toContain('landfall.yaml')
  expect(others).toEqual([])
})

test('an environment runs a one-shot again by the effect of the file', () => {
  const file = (effect: string) =>
    `services: { seed: { oneShot: { doneWhen: ${effect} } } }\nenvironments: { kept: { services: { seed: { oneShot: { again: whenGone } } } } }\n`
  expect(problems(file('{ http: "http://mq/key" }'))).toEqual([])
  expect(problems(file('{ file: /x }'))).toEqual([
    'landfall.yaml:2:56: error: file is not supported here (environments.kept.services.seed.oneShot.again) [convert/wrong-effect]',
  ])
})

test('what an effect can be is listed for its place', () => {
  expect(problems('services: { mq: { alive: { body: x } } }')[0]).toContain(
    'an effect requires exactly one of http, tcp, dns, command, sql',
  )
})

type Alive = NonNullable<NonNullable<Parameters<typeof convert>[1]>['settings']>['services']

/** What `alive` of the worker becomes: its probe, and what the keeper tests. */
function aliveOf(alive: NonNullable<Alive>[string]['alive']) {
  const { plan, diagnostics } = convert(compose, {
    settings: { services: { worker: { ...(alive && { alive }) } } },
  })
  const worker = plan.services.find(({ service }) => service === 'worker')
  const errors = diagnostics.filter(({ severity }) => severity === 'error')
  return {
    probe: worker?.liveness,
    kept: worker?.keptAlive,
    keeper: plan.keeper?.settings.services.map(({ service }) => service),
    errors: errors.map(({ message }) => message),
  }
}

test('what the kubelet can test is a probe, with the declared times and headers', () => {
  const { probe, kept, keeper } = aliveOf({
    http: 'http://localhost:8080/live',
    headers: { 'X-A': '1' },
    ...{ after: '1m', interval: 20, failures: 5, timeout: '2s' },
  })
  expect(probe).toMatchObject({
    action: { httpGet: { path: '/live', port: 8080, httpHeaders: [{ name: 'X-A', value: '1' }] } },
    ...{ delay: 60, period: 20, failures: 5, timeout: 2 },
  })
  expect([kept, keeper]).toEqual([undefined, undefined])
})

test('the answer of another service is tested by the keeper, which watches that service as well', () => {
  expect(aliveOf({ http: 'http://master:8010/workers', body: 'w1' })).toEqual({
    probe: undefined,
    kept: {
      wait: { kind: 'http', url: 'http://master:8010/workers', status: '2xx', text: 'w1' },
      ...{ after: 30, interval: 10, failures: 3, timeout: 5 },
      of: 'master',
    },
    keeper: ['master', 'worker'],
    errors: [],
  })
})

test('an own answer with a body is tested by the keeper under the name of the service', () => {
  expect(aliveOf({ http: 'http://localhost:8080/live', body: 'ok' }).kept).toMatchObject({
    wait: { url: 'http://worker:8080/live', text: 'ok' },
    own: true,
  })
  // no Service leads to this port
  expect(aliveOf({ http: 'http://localhost:9999/live', body: 'ok' }).errors).toHaveLength(1)
})

test('the keeper needs its program', () => {
  const { plan } = convert(compose, {
    settings: { services: { worker: { restartsWith: ['mq'] } } },
  })
  expect(plan.keeper?.program).toBe('the program\n')
  expect(plan.keeper?.image).toBe('node:22-alpine')
})
