import type { KubeObject } from '@landfall/kube'
import {
  apiNamespace,
  claim,
  configMap,
  deployment,
  ended,
  eventually,
  job,
  running,
  timeAgo,
} from '@landfall/testkit'
import { describe, expect, test } from 'vitest'
import type { DeployEvent } from '../events.ts'
import { deployRelease, downRelease, releaseStatus } from '../index.ts'
import { inventoryReference, readInventory } from '../release/inventory.ts'
import { fastClock } from '../test-clock.ts'

const { name: namespace, api, statuses } = apiNamespace('again', { deletes: true })
const { client } = api
const where = { client, release: 'again', namespace }
const clock = fastClock(10)

const web = deployment('web')
const first = [configMap('files', { a: '1' }), claim('data'), web, job('migrate-1', 'true')]
const second = [claim('data'), web, job('migrate-2', 'true')]

/** Deploys while controllers do their part; gives the operations that were not `unchanged`. */
async function deploy(
  objects: readonly KubeObject[],
  ...controllers: Promise<void>[]
): Promise<string[]> {
  const events: DeployEvent[] = []
  const deploying = deployRelease({
    ...where,
    objects,
    clock,
    // Where pods really run, their images are pulled.
    timeoutMs: api.bare ? 200_000 : 1_000_000,
    onEvent: (event) => events.push(event),
  })
  const [verdict] = await Promise.all([deploying, ...controllers])
  expect(verdict.failure).toBeUndefined()
  expect(verdict.state).toBe('ready')
  return events
    .flatMap((event) => (event.type === 'plan' ? event.operations : []))
    .filter(({ verb }) => verb !== 'unchanged')
    .map(({ verb, object }) => `${verb} ${object}`)
}

const named = (kind: string, name: string, apiVersion = 'v1') => ({
  apiVersion,
  kind,
  name,
  namespace,
})
const read = (kind: string, name: string, apiVersion?: string) =>
  client.get(named(kind, name, apiVersion))
const names = async (kind: string, apiVersion = 'v1') =>
  (await client.list({ apiVersion, kind, namespace })).items
    .map(({ metadata }) => metadata.name)
    .sort()

describe.sequential('a release that is deployed again', () => {
  test('the first time everything is made, the namespace too, and it is ready when the cluster says so', async () => {
    const made = await deploy(
      first,
      statuses.deploymentReady('web'),
      statuses.jobComplete('migrate-1'),
    )
    expect(made).toEqual([
      `create namespace/${namespace}`,
      'create configmap/files',
      'create persistentvolumeclaim/data',
      'create deployment/web',
      'create job/migrate-1',
    ])
    expect(await readInventory(client, where)).toEqual({
      revision: 1,
      entries: first.map(({ apiVersion, kind, metadata: { name } }) => ({
        apiVersion,
        kind,
        name,
        revision: 1,
      })),
    })
  })

  test('with nothing changed it writes nothing', async () => {
    const record = await client.get(inventoryReference(where))
    expect(await deploy(first)).toEqual([])
    expect(await client.get(inventoryReference(where))).toEqual(record)
  })

  test('what someone took away by hand is put right', async () => {
    const path = `/api/v1/namespaces/${namespace}/configmaps/files`
    await api.send('PATCH', path, { data: null }, 'application/merge-patch+json')
    expect(await deploy(first)).toEqual(['update configmap/files'])
    expect((await read('ConfigMap', 'files'))?.data).toEqual({ a: '1' })
  })

  test('a changed program is rolled out', async () => {
    const changed = deployment('web', { env: [{ name: 'A', value: '1' }] })
    const objects = first.map((object) => (object === web ? changed : object))
    expect(await deploy(objects, statuses.deploymentReady('web'))).toEqual([
      'update deployment/web',
    ])
    expect(await deploy(first, statuses.deploymentReady('web'))).toEqual(['update deployment/web'])
  })

  test('a changed migration runs once beside the old one, and what is gone from the project goes', async () => {
    const before = await read('Deployment', 'web', 'apps/v1')
    expect(await deploy(second, statuses.jobComplete('migrate-2'))).toEqual([
      'keep job/migrate-1',
      'create job/migrate-2',
      'delete configmap/files',
    ])
    expect(await names('Job', 'batch/v1')).toEqual(['migrate-1', 'migrate-2'])
    expect((await read('Deployment', 'web', 'apps/v1'))?.metadata.uid).toBe(before?.metadata.uid)
    expect(await read('ConfigMap', 'files')).toBeUndefined()
  })

  test('its status tells the same', async () => {
    const status = await releaseStatus(where)
    expect(status).toMatchObject({ revision: 5, state: 'current' })
    expect(status?.workloads.map(({ object, ready }) => [object, ready])).toEqual([
      ['deployment/web', 1],
      ['job/migrate-2', 1],
    ])
  })

  test.skipIf(!api.bare)(
    'a program that ended after minutes, and runs again for more than one: up and status agree that it is up',
    async () => {
      const minutesAgo = (start: number, end: number) => ({
        startedAt: timeAgo(start * 60),
        finishedAt: timeAgo(end * 60),
      })
      const recovered = {
        ...{ ...running(90), restartCount: 1 },
        lastState: ended(137, minutesAgo(12, 2)),
      }
      const { items } = await client.list({ apiVersion: 'v1', kind: 'Pod', namespace })
      const pod = items.find(({ metadata }) => metadata.name.startsWith('web-')) as KubeObject
      await statuses.podStatus(pod, { phase: 'Running', ready: true, containers: [recovered] })
      expect(await deploy(second)).toEqual(['keep job/migrate-1'])
      const state = async () => (await releaseStatus(where))?.workloads[0]
      expect(await state()).toMatchObject({ state: 'current', restarts: 1 })
      await statuses.podStatus(pod, {
        ...{ phase: 'Running', ready: true },
        containers: [{ ...recovered, ...running(20) }],
      })
      expect(await state()).toMatchObject({
        state: 'inProgress',
        message: 'web ended and runs again; watching whether it stays up',
      })
      await statuses.podStatus(pod, { phase: 'Running', ready: true })
    },
  )

  test('what cannot be changed in place is deleted and created again', async () => {
    const service = (spec: Record<string, unknown>): KubeObject => ({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'web' },
      spec: { selector: { app: 'web' }, ...spec },
    })
    await deploy([...second, service({ clusterIP: 'None' })])
    expect(await deploy([...second, service({ ports: [{ port: 80 }] })])).toEqual([
      'replace service/web',
      'keep job/migrate-1',
    ])
    expect((await read('Service', 'web'))?.spec.clusterIP).not.toBe('None')

    const moved = deployment('web')
    moved.spec.selector = { matchLabels: { part: 'web' } }
    moved.spec.template.metadata.labels = { part: 'web' }
    const before = await read('Deployment', 'web', 'apps/v1')
    const objects = [claim('data'), moved, job('migrate-2', 'true')]
    const replaced = async () => {
      await eventually(
        20_000,
        async () => {
          const now = await read('Deployment', 'web', 'apps/v1')
          expect(now?.metadata.uid).not.toBe(before?.metadata.uid)
          expect(now).toBeDefined()
        },
        50,
      )
      await statuses.deploymentReady('web')
    }
    expect(await deploy(objects, replaced())).toEqual([
      'delete service/web',
      'replace deployment/web',
      'keep job/migrate-1',
    ])
  })

  test('down removes all of it and nothing else; the claim stays with its data', async () => {
    await client.create({ ...configMap('theirs', {}), metadata: { name: 'theirs', namespace } })
    const report = await downRelease({ ...where, clock })
    expect(report).toMatchObject({ kept: ['persistentvolumeclaim/data'], namespace: 'inUse' })
    expect(report.left.sort()).toEqual(['configmap/theirs', 'persistentvolumeclaim/data'])
    expect(await names('Deployment', 'apps/v1')).toEqual([])
    expect(await names('Job', 'batch/v1')).toEqual([])
  })
})
