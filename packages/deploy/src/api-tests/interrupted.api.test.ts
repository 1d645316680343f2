import {
  apiNamespace,
  configMap,
  deployment,
  eventually,
  finalizeNamespace,
  job,
  sharedApi,
} from '@landfall/testkit'
import { describe, expect, test } from 'vitest'
import type { DeployEvent } from '../events.ts'
import { deployRelease, downRelease, preflight } from '../index.ts'
import { inventoryReference, readInventory } from '../release/inventory.ts'
import { fastClock } from '../test-clock.ts'

const clock = fastClock(10)
const { bare } = sharedApi()
// Where pods really run, their images are pulled.
const timeoutMs = bare ? 300_000 : 1_000_000

test('a deploy that is killed half way is continued by the next, and nothing of it is lost', async () => {
  const { name: namespace, api, statuses } = apiNamespace('killed', { deletes: true })
  const where = { client: api.client, release: 'killed', namespace, clock }
  const objects = Array.from({ length: 12 }, (_, number) => configMap(`part-${number}`, {}))
  const whole = [...objects, deployment('web'), job('migrate', 'true')]
  const stop = new AbortController()
  const killed = deployRelease({
    ...where,
    objects: whole,
    signal: stop.signal,
    onEvent: ({ type }) => type === 'apply' && stop.abort(new Error('killed')),
  })
  await expect(killed).rejects.toThrow()
  const record = await readInventory(api.client, where)
  const there = await api.client.list({ apiVersion: 'v1', kind: 'ConfigMap', namespace })
  const made = there.items.filter(({ metadata }) => metadata.name.startsWith('part-'))
  const recorded = record?.entries.map(({ name }) => name) ?? []
  expect(made.filter(({ metadata }) => !recorded.includes(metadata.name))).toEqual([])

  // What the killed deploy had begun and the next one does not want goes too.
  const rest = whole.filter(({ metadata }) => metadata.name !== 'part-0')
  const [verdict] = await Promise.all([
    deployRelease({ ...where, objects: rest, timeoutMs }),
    statuses.deploymentReady('web'),
    statuses.jobComplete('migrate'),
  ])
  expect(verdict.state).toBe('ready')
  const after = await readInventory(api.client, where)
  expect(after?.entries.map(({ name }) => name).sort()).toEqual(
    rest.map(({ metadata }) => metadata.name).sort(),
  )
  expect(
    await api.client.get({ apiVersion: 'v1', kind: 'ConfigMap', name: 'part-0', namespace }),
  ).toBeUndefined()
})

test.skipIf(!bare)(
  'a namespace that is being deleted is waited for, and then made again (needs an API server without controllers)',
  async () => {
    const { name: namespace, api } = apiNamespace('terminating')
    const reference = { apiVersion: 'v1', kind: 'Namespace', name: namespace }
    await api.client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } })
    const old = await api.client.get(reference)
    await api.client.delete(reference)
    const events: DeployEvent[] = []
    const deploying = deployRelease({
      client: api.client,
      release: 'terminating',
      namespace,
      objects: [configMap('files', {})],
      clock,
      timeoutMs,
      onEvent: (event) => events.push(event),
    })
    await eventually(
      10_000,
      () => {
        const wait = { type: 'wait', object: `namespace/${namespace}`, message: expect.anything() }
        expect(events).toContainEqual(wait)
      },
      50,
    )
    await finalizeNamespace(api, namespace)
    expect((await deploying).state).toBe('ready')
    expect((await api.client.get(reference))?.metadata.uid).not.toBe(old?.metadata.uid)
  },
)

test.skipIf(!bare)(
  'a namespace that never goes is named when the time is up (needs an API server without controllers)',
  async () => {
    const { name: namespace, api } = apiNamespace('stuck')
    const reference = { apiVersion: 'v1', kind: 'Namespace', name: namespace }
    await api.client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } })
    await api.client.delete(reference)
    const where = { client: api.client, release: 'stuck', namespace, clock }
    const verdict = await deployRelease({ ...where, objects: [], timeoutMs: 10_000 })
    expect(verdict.failure).toMatchObject({
      code: 'deploy/not-ready',
      object: `namespace/${namespace}`,
      reason: 'not ready after 10 s',
      message: expect.stringContaining('is still being deleted'),
    })
  },
)

test('a quota that is used up is named, and what was applied is in the inventory', async () => {
  const { name: namespace, api, statuses } = apiNamespace('quota')
  const where = { client: api.client, release: 'quota', namespace, clock }
  await api.client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } })
  const hard = { 'count/services': '0' }
  await api.client.create({
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata: { name: 'none', namespace },
    spec: { hard },
  })
  await statuses.status('ResourceQuota', 'none', { hard, used: hard })
  const service = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web' },
    spec: { ports: [{ port: 80 }] },
  }
  // The quota holds a moment after it was written.
  await eventually(
    20_000,
    () =>
      expect(
        api.client.create({ ...service, metadata: { name: 'probe', namespace } }),
      ).rejects.toThrow('exceeded quota'),
    100,
  )
  const verdict = await deployRelease({ ...where, objects: [configMap('files', {}), service] })
  expect(verdict.failure).toMatchObject({
    code: 'deploy/quota-exceeded',
    object: 'service/web',
    message: expect.stringContaining('exceeded quota: none'),
  })
  expect((await readInventory(api.client, where))?.entries.map(({ name }) => name)).toEqual([
    'files',
    'web',
  ])
})

test('an account without rights gets the refusal of the API server, with the command that gives the first missing right', async () => {
  const { name: namespace, api } = apiNamespace('nobody')
  const client = api.clientAs('nobody')
  const deploying = deployRelease({ client, release: 'x', namespace, objects: [], clock })
  expect((await deploying).failure).toMatchObject({
    object: 'lease/landfall-release-x',
    code: 'deploy/forbidden',
    message: expect.stringContaining('cannot get resource "leases"'),
    hint: expect.stringContaining('--resource=leases.coordination.k8s.io'),
  })
})

test('what pods need and nobody brings is named before anything is applied', async () => {
  const { name: namespace, api } = apiNamespace('preflight')
  const { client } = api
  const from = (name: string, key: string) => ({ valueFrom: { secretKeyRef: { name, key } } })
  const web = deployment(
    'web',
    {
      env: [
        { name: 'A', ...from('given', 'a') },
        { name: 'B', ...from('given', 'b') },
      ],
    },
    { volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }] },
  )
  const options = { client, objects: [web, configMap('own', {})], namespace }
  expect(await preflight(options)).toEqual({
    namespaceExists: false,
    missing: [
      {
        kind: 'PersistentVolumeClaim',
        name: 'data',
        by: ['deployment/web'],
        message: `no PersistentVolumeClaim data in namespace ${namespace}, which deployment/web needs`,
        command: `kubectl apply -n ${namespace} -f CLAIM.yaml, with the claim data`,
      },
      {
        kind: 'Secret',
        name: 'given',
        by: ['deployment/web'],
        message: `no Secret given in namespace ${namespace}, which deployment/web needs`,
        command: `kubectl create secret generic given -n ${namespace} --from-literal=a=VALUE --from-literal=b=VALUE`,
      },
    ],
  })
  await client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } })
  await client.create({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'given', namespace },
    stringData: { a: '1' },
  })
  expect(await preflight(options)).toMatchObject({
    namespaceExists: true,
    missing: [
      { kind: 'PersistentVolumeClaim' },
      {
        name: 'given',
        keys: ['b'],
        message: 'the Secret given has no key b, which deployment/web needs',
      },
    ],
  })
  // Who may not look is not held up.
  expect(await preflight({ ...options, client: api.clientAs('nobody') })).toEqual({
    namespaceExists: undefined,
    missing: [],
  })
})

describe('down', () => {
  test('of what a deploy made: the namespace goes with it, and a second time there is nothing', async () => {
    const { name: namespace, api, statuses } = apiNamespace('down', { deletes: true })
    const where = { client: api.client, release: 'down', namespace, clock }
    await Promise.all([
      deployRelease({ ...where, objects: [deployment('web')], timeoutMs }),
      statuses.deploymentReady('web'),
    ])
    expect(await downRelease(where)).toMatchObject({
      deleted: ['deployment/web'],
      namespace: 'deleted',
    })
    expect(await downRelease(where)).toMatchObject({ namespace: 'absent' })
  })

  test('of a namespace that was there before: it stays, and the inventory goes', async () => {
    const { name: namespace, api } = apiNamespace('theirs', { deletes: true })
    const where = { client: api.client, release: 'theirs', namespace, clock }
    await api.client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } })
    await deployRelease({ ...where, objects: [configMap('files', {})] })
    expect(await downRelease(where)).toMatchObject({
      deleted: ['configmap/files'],
      namespace: 'foreign',
    })
    expect(await api.client.get(inventoryReference(where))).toBeUndefined()
  })
})

test('a damaged inventory is made again from the labels: what left the project is deleted, and nothing of others', async () => {
  const { name: namespace, api } = apiNamespace('damaged', { deletes: true })
  const { client } = api
  const where = { client, release: 'shop', namespace, clock }
  const parts = (names: string[]) => names.map((name) => configMap(name, { a: name }))
  expect((await deployRelease({ ...where, objects: parts(['a', 'b']) })).state).toBe('ready')
  const labels = { 'landfall.dev/release': 'shop' }
  const other = { ...configMap('other', {}), metadata: { name: 'other', namespace, labels } }
  await client.create(other)
  const { apiVersion, kind, name } = inventoryReference(where)
  await client.apply({
    ...{ apiVersion, kind, metadata: { name, namespace, labels } },
    data: { inventory: '{"revision": 1, "entries": [{}]}' },
  })
  expect((await deployRelease({ ...where, objects: parts(['a', 'c']) })).state).toBe('ready')
  const { items } = await client.list({ apiVersion: 'v1', kind: 'ConfigMap', namespace })
  const left = items.map(({ metadata }) => metadata.name).filter((one) => one.length < 9)
  expect(left.sort()).toEqual(['a', 'c', 'other'])
})
