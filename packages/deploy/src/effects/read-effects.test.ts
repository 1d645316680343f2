import { type KubeClient, type KubeObject, kubeClient } from '@landfall/kube'
import { expect, test } from 'vitest'
import { untestedReason } from './done-effects.ts'
import { readEffects } from './read-effects.ts'

interface Answer {
  status?: number
  text: string
}

/** A cluster whose programs answer by the path of the request. */
function cluster(programs: Record<string, Answer>): KubeClient {
  return kubeClient({
    server: 'https://cluster:6443',
    clock: { now: () => 0, sleep: async () => {} },
    async fetch(url) {
      const path = decodeURIComponent(url.replace('https://cluster:6443', ''))
      const { status = 200, text } = programs[path] ?? {
        status: 404,
        text: JSON.stringify({
          ...{ kind: 'Status', apiVersion: 'v1', status: 'Failure', code: 404 },
          message: `services "${path}" not found`,
        }),
      }
      return {
        status,
        headers: { get: () => null },
        body: (async function* () {
          yield new TextEncoder().encode(text)
        })(),
      }
    },
  })
}

const job = (line: string, more: Record<string, string> = {}): KubeObject => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name: 'seed', annotations: { 'landfall.dev/done-when': line, ...more } },
})

const KEY = '/api/v1/namespaces/shop/services/http:consul:8500/proxy/v1/kv/a?raw='
const stateOf = async (line: string, programs: Record<string, Answer>) =>
  (await readEffects(cluster(programs), 'shop', [job(line)])).get('job/seed')

const LINE = 'http 2xx http://consul:8500/v1/kv/a?raw yes'

test.each<[string, string, Answer, object]>([
  ['it holds', LINE, { text: 'yes, done' }, { state: 'holds' }],
  [
    'it is gone by its status',
    LINE,
    { status: 404, text: '' },
    { state: 'gone', why: 'http://consul:8500/v1/kv/a?raw answers 404', kept: false },
  ],
  [
    'it is gone by its text',
    LINE,
    { text: 'no' },
    {
      ...{ state: 'gone', kept: false },
      why: 'the answer of http://consul:8500/v1/kv/a?raw does not contain yes',
    },
  ],
  [
    'the status is the expected one',
    'http 404 http://consul:8500/v1/kv/a?raw',
    { status: 404, text: '' },
    { state: 'holds' },
  ],
  [
    'an error of the server shows nothing',
    LINE,
    { status: 500, text: 'No cluster leader' },
    { state: 'unknown', why: 'http://consul:8500/v1/kv/a?raw answers 500' },
  ],
])('%s', async (_, line, answer, expected) => {
  expect(await stateOf(line, { [KEY]: answer })).toEqual(expected)
})

test.each([
  ['a refusal of the API server is not an answer', LINE, /services .* not found/],
  [
    'another namespace is not looked at',
    'http 2xx http://consul.other.svc/key',
    /is not a Service of the namespace/,
  ],
  ['a port is tested by up alone', 'tcp consul 8500', /only `landfall up` tests tcp/],
])('%s', async (_, line, why) => {
  expect(await stateOf(line, {})).toEqual({ state: 'unknown', why: expect.stringMatching(why) })
})

test('a name with the namespace is that of the Service', async () => {
  const line = 'http 2xx http://consul.shop.svc.cluster.local:8500/v1/kv/a?raw'
  expect(await stateOf(line, { [KEY]: { text: '' } })).toEqual({ state: 'holds' })
})

test('which one runs again is known', async () => {
  const kept = job(LINE, { 'landfall.dev/runs-again': 'true' })
  const found = await readEffects(cluster({ [KEY]: { text: 'no' } }), 'shop', [kept])
  expect(found.get('job/seed')).toMatchObject({ state: 'gone', kept: true })
})

test('what cannot be tested is not known', async () => {
  const migrate = job('', { 'landfall.dev/done-when-not-tested': 'only gates test queries' })
  const { 'landfall.dev/done-when': _, ...annotations } = migrate.metadata.annotations ?? {}
  const one = { ...migrate, metadata: { ...migrate.metadata, annotations } }
  const found = await readEffects(cluster({}), 'shop', [one])
  expect(found.get('job/seed')).toEqual({ state: 'unknown', why: 'only gates test queries' })
  expect(untestedReason([one])).toBe('job/seed: only gates test queries')
  expect(untestedReason([job(LINE)])).toBeUndefined()
})
