import { expect, test } from 'vitest'
import type { Clock } from '../clock.ts'
import { kubeClient } from './client.ts'
import type { FetchResponse } from './request.ts'

/** A clock on which time passes in sleeps alone, which are over at once. */
function skippingClock(): Clock {
  let now = 0
  return {
    now: () => now,
    sleep: async (ms) => {
      now += ms
    },
  }
}

/** An API that gives these answers one after the other and remembers what it was asked. */
function scripted(...answers: Answer[]) {
  const clock = skippingClock()
  const asked: string[] = []
  const bodies: unknown[] = []
  const client = kubeClient({
    server: 'https://cluster:6443/',
    clock,
    fetch: async (url, { method, body }) => {
      asked.push(`${method} ${decodeURIComponent(url.replace('https://cluster:6443', ''))}`)
      bodies.push(body === undefined ? undefined : JSON.parse(body))
      const answer = answers.shift()
      if (answer === undefined) throw new Error(`nothing left to answer to ${asked.at(-1)}`)
      return response(answer)
    },
  })
  return { client, asked, bodies, clock }
}

interface Answer {
  status?: number
  headers?: Record<string, string>
  body?: unknown
  chunks?: string[]
}

function response({ status = 200, headers = {}, body = {}, chunks }: Answer): FetchResponse {
  async function* bytes() {
    const text = typeof body === 'string' ? body : JSON.stringify(body)
    for (const chunk of chunks ?? [text]) yield new TextEncoder().encode(chunk)
  }
  return {
    status,
    headers: { get: (name) => headers[name] ?? null },
    body: bytes(),
  }
}

const refusal = (code: number, reason: string, message = reason) => ({
  status: code,
  body: { kind: 'Status', code, reason, message },
})

const configMap = (name: string, resourceVersion = '1') => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, resourceVersion },
})

const CONFIG_MAPS = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'shop' }

test('what is not there is undefined, and another refusal is thrown with its reason', async () => {
  const { client, asked } = scripted(refusal(404, 'NotFound'), refusal(403, 'Forbidden', 'no'))
  const reference = { ...CONFIG_MAPS, name: 'gates' }
  expect(await client.get(reference)).toBeUndefined()
  await expect(client.get(reference)).rejects.toMatchObject({ status: { reason: 'Forbidden' } })
  expect(asked[0]).toBe('GET /api/v1/namespaces/shop/configmaps/gates')
})

test('apply takes over fields, refuses unknown ones, and tells whether it made the object', async () => {
  const deployment = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace: 'shop' },
    spec: { template: { spec: { containers: [] } } },
  }
  const { client, asked, bodies } = scripted(
    { status: 201, body: deployment },
    { body: deployment },
  )
  expect((await client.apply(deployment)).created).toBe(true)
  expect((await client.apply(deployment)).created).toBe(false)
  const path = '/apis/apps/v1/namespaces/shop/deployments/web'
  expect(asked[0]).toBe(`PATCH ${path}?fieldManager=landfall&force=true&fieldValidation=Strict`)
  expect(bodies[0]).toEqual(deployment)
})

test('the version and the rights of the account are read', async () => {
  const { client, asked, bodies } = scripted(
    { body: { gitVersion: 'v1.34.2' } },
    { body: { status: { allowed: true } } },
    { body: { status: { allowed: false } } },
  )
  expect(await client.serverVersion()).toBe('v1.34.2')
  const ingress = { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress' }
  expect(await client.isAllowed('patch', ingress, { namespace: 'shop' })).toBe(true)
  expect(await client.isAllowed('create', { apiVersion: 'v1', kind: 'Namespace' })).toBe(false)
  const reviews = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews'
  expect(asked).toEqual(['GET /version', `POST ${reviews}`, `POST ${reviews}`])
  expect(bodies.slice(1)).toMatchObject([
    {
      spec: {
        resourceAttributes: {
          verb: 'patch',
          group: 'networking.k8s.io',
          resource: 'ingresses',
          namespace: 'shop',
        },
      },
    },
    { spec: { resourceAttributes: { verb: 'create', group: '', resource: 'namespaces' } } },
  ])
})

test('a list is read page by page, its items name their kind, and it begins again when a page has expired', async () => {
  const page = (name: string, next?: string) => ({
    body: { items: [configMap(name)], metadata: { resourceVersion: '9', continue: next } },
  })
  const { client, asked } = scripted(
    page('a', 'more'),
    refusal(410, 'Expired'),
    page('a', 'more'),
    page('b'),
  )
  const { items, resourceVersion } = await client.list(CONFIG_MAPS, { labelSelector: 'x=y' })
  expect(items.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual([
    'ConfigMap a',
    'ConfigMap b',
  ])
  expect(resourceVersion).toBe('9')
  expect(asked[0]).toBe('GET /api/v1/namespaces/shop/configmaps?labelSelector=x=y&limit=500')
  expect(asked[3]).toContain('continue=more')
})

test('a kind that is not known by heart is looked up once', async () => {
  const crds = {
    body: { resources: [{ name: 'certificates', kind: 'Certificate', namespaced: true }] },
  }
  const certificate = { apiVersion: 'cert-manager.io/v1', kind: 'Certificate', name: 'a' }
  const body = { ...certificate, metadata: { name: 'a' } }
  const { client, asked } = scripted(crds, { body }, { body })
  await client.get(certificate)
  await client.get(certificate)
  expect(asked).toEqual([
    'GET /apis/cert-manager.io/v1',
    'GET /apis/cert-manager.io/v1/namespaces/default/certificates/a',
    'GET /apis/cert-manager.io/v1/namespaces/default/certificates/a',
  ])
})

test('a kind that the cluster does not have is refused by name', async () => {
  const { client } = scripted({ status: 404, body: '404 page not found' })
  await expect(client.isNamespaced({ apiVersion: 'x.io/v1', kind: 'Thing' })).rejects.toThrow(
    'the cluster has no kind Thing in x.io/v1',
  )
})

test('a busy server is asked again after the pause that it names; a proxy that answers in plain text is quoted', async () => {
  const { client, asked, clock } = scripted(
    { status: 429, headers: { 'retry-after': '4' } },
    { status: 503 },
    { status: 502, body: 'bad gateway\n' },
  )
  await expect(client.get({ ...CONFIG_MAPS, name: 'a' })).rejects.toThrow('bad gateway')
  expect(asked).toHaveLength(3)
  expect(clock.now()).toBe(4_000 + 1_000)
})

test('a server that cannot be reached is named with the innermost reason', async () => {
  const client = kubeClient({
    server: 'https://cluster:6443',
    fetch: async () => {
      throw new TypeError('fetch failed', {
        cause: new Error('connect ECONNREFUSED 10.0.0.1:6443'),
      })
    },
  })
  await expect(client.get({ ...CONFIG_MAPS, name: 'a' })).rejects.toThrow(
    'cannot reach https://cluster:6443: connect ECONNREFUSED 10.0.0.1:6443',
  )
})

test('delete names the object it means, and what is gone already is no error', async () => {
  const { client, bodies } = scripted({ body: {} }, refusal(404, 'NotFound'))
  const reference = { ...CONFIG_MAPS, name: 'a' }
  expect(await client.delete(reference, { uid: 'u1', propagation: 'Foreground' })).toBe(true)
  expect(await client.delete(reference)).toBe(false)
  expect(bodies[0]).toMatchObject({
    propagationPolicy: 'Foreground',
    preconditions: { uid: 'u1' },
  })
})

test('log lines come whole however the bytes are cut', async () => {
  const { client, asked } = scripted({ chunks: ['one\r\ntw', 'o\nthr', 'ee'] })
  const lines: string[] = []
  for await (const line of client.logs({ namespace: 'shop', pod: 'web-1', tailLines: 5 }))
    lines.push(line)
  expect(lines).toEqual(['one', 'two', 'three'])
  expect(asked).toEqual(['GET /api/v1/namespaces/shop/pods/web-1/log?tailLines=5'])
})

test('a log that its node has removed is no line of the program', async () => {
  const id = '88719e0c254a0c5d1d459f3963f84ef144310c9acaa58ea7c75ba03f1b02d4ba'
  const gone = `unable to retrieve container logs for containerd://${id}`
  const { client } = scripted({ chunks: [gone] }, { chunks: [`${gone} after a restart\n`] })
  const first = () => client.logs({ pod: 'web-1', previous: true }).next()
  await expect(first()).rejects.toThrow('its node has removed the container and its output')
  expect(await first()).toEqual({ done: false, value: `${gone} after a restart` })
})

test('a watch lists, follows, goes on after a lost connection, and lists again when its version is gone', async () => {
  const event = (type: string, object: unknown) => `${JSON.stringify({ type, object })}\n`
  const list = (...items: unknown[]) => ({ body: { items, metadata: { resourceVersion: '10' } } })
  const { client, asked } = scripted(
    list(configMap('a')),
    {
      chunks: [
        event('MODIFIED', configMap('a', '11')),
        event('BOOKMARK', { metadata: { resourceVersion: '15' } }),
        '{"type":"ADD',
      ],
    },
    { chunks: [event('ERROR', { kind: 'Status', code: 410, reason: 'Expired' })] },
    list(configMap('b')),
    { chunks: [event('DELETED', configMap('b', '20'))] },
  )
  const stop = new AbortController()
  const steps: string[] = []
  for await (const step of client.watch(CONFIG_MAPS, { signal: stop.signal })) {
    if (step.type === 'lost' || step.type === 'found') continue
    const names = step.type === 'listed' ? step.objects : [step.object]
    steps.push(`${step.type} ${names.map(({ metadata }) => metadata.name)}`)
    if (step.type === 'removed') stop.abort()
  }
  expect(steps).toEqual(['listed a', 'changed a', 'listed b', 'removed b'])
  expect(asked.map((line) => /resourceVersion=(\d+)/.exec(line)?.[1])).toEqual([
    undefined,
    '10',
    '15',
    undefined,
    '10',
  ])
})

test('a watch that is refused ends with the refusal', async () => {
  const { client } = scripted(refusal(403, 'Forbidden', 'may not list'))
  const watch = client.watch(CONFIG_MAPS)
  await expect(watch.next()).rejects.toThrow('may not list')
})

test('another field manager owns what is applied, where one is named', async () => {
  const asked: string[] = []
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'a' } }
  const client = kubeClient({
    server: 'https://cluster:6443',
    fieldManager: 'cluster-setup',
    fetch: async (url) => {
      asked.push(url)
      return response({ body: namespace })
    },
  })
  await client.apply(namespace)
  expect(new URL(asked[0] ?? '').searchParams.get('fieldManager')).toBe('cluster-setup')
})

test('a watch reports a server that is away for three seconds, and when it is back; after two minutes it gives up', async () => {
  const clock = skippingClock()
  const unreachable = new TypeError('fetch failed', { cause: new Error('ECONNREFUSED') })
  let backAt = 10_000
  let lists = 0
  const client = kubeClient({
    server: 'https://cluster:6443',
    clock,
    fetch: async (url) => {
      if (!url.includes('watch=true') && lists++ === 0)
        return response({ body: { items: [], metadata: { resourceVersion: '1' } } })
      if (clock.now() < backAt) throw unreachable
      backAt = Number.POSITIVE_INFINITY
      return response({ chunks: [] })
    },
  })
  const steps: string[] = []
  const watching = (async () => {
    for await (const { type } of client.watch(CONFIG_MAPS)) {
      if (steps.at(-1)?.split(' ')[0] !== type) steps.push(`${type} ${clock.now()}`)
    }
  })()
  await expect(watching).rejects.toThrow('cannot reach https://cluster:6443: ECONNREFUSED')
  expect(steps).toEqual(['listed 0', 'lost 3000', 'found 10000', 'lost 13200'])
  expect(clock.now()).toBe(10_200 + 120_200)
})

test('a watch that is connected again is found, whether or not something has changed', async () => {
  const clock = skippingClock()
  let lists = 0
  const silent = async function* (): AsyncGenerator<Uint8Array> {
    await new Promise(() => {})
  }
  const client = kubeClient({
    server: 'https://cluster:6443',
    clock,
    fetch: async (url) => {
      if (!url.includes('watch=true') && lists++ === 0)
        return response({ body: { items: [], metadata: { resourceVersion: '1' } } })
      if (clock.now() < 5_000) throw new TypeError('fetch failed')
      return { ...response({}), body: silent() }
    },
  })
  for await (const { type } of client.watch(CONFIG_MAPS)) if (type === 'found') break
  expect(clock.now()).toBeGreaterThanOrEqual(5_000)
})
