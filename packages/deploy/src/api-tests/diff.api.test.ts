import type { KubeObject } from '@landfall/kube'
import { apiNamespace, configMap, deployment } from '@landfall/testkit'
import { expect, test } from 'vitest'
import {
  deployedImages,
  deployRelease,
  diffRelease,
  diffRevisions,
  diffToRevision,
  NoRevisionError,
} from '../index.ts'
import { fastClock } from '../test-clock.ts'
import { orderCheck } from './ways-to-fail.ts'

const clock = fastClock(10)
const timeoutMs = 400_000

const NONE = { changes: [], foreign: [], conflicts: [], checks: [] }

const web = (image: string, value: string): KubeObject =>
  deployment('web', { image, env: [{ name: 'LEVEL', value }] })
const secret = (password: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'keys' },
  stringData: { PASSWORD: password },
})

test('a project that is not deployed: everything is new, and nothing is written', async () => {
  const { name: namespace, api } = apiNamespace('diff-new')
  const where = { client: api.client, release: 'shop', namespace }
  const { changes } = await diffRelease({
    ...where,
    objects: [configMap('a', {}), web('a:1', 'x')],
  })
  expect(changes).toEqual([
    { object: `namespace/${namespace}`, change: 'create', fields: [] },
    { object: 'configmap/a', change: 'create', fields: [] },
    { object: 'deployment/web', change: 'create', fields: [] },
  ])
  expect(
    await api.client.get({ apiVersion: 'v1', kind: 'Namespace', name: namespace }),
  ).toBeUndefined()
})

test('the cluster and a project, a revision, and two revisions: field by field, without secrets', async () => {
  const { name: namespace, api, statuses } = apiNamespace('diff', { deletes: true })
  const where = { client: api.client, release: 'shop', namespace }
  const first = [web('a:1', 'info'), configMap('old', {}), configMap('file', { a: 'FILE-1' })]
  const second = [web('a:2', 'debug'), configMap('new', {}), configMap('file', { a: 'FILE-2' })]
  const deploy = async (objects: KubeObject[]) => {
    const deploying = deployRelease({ ...where, objects, clock, timeoutMs })
    const [verdict] = await Promise.all([deploying, statuses.deploymentReady('web')])
    expect(verdict.state).toBe('ready')
  }
  await deploy([...first, secret('hunter1')])
  const same = await diffRelease({ ...where, objects: [...first, secret('hunter1')] })
  expect(same).toEqual(NONE)
  const checked = { objects: [...first, secret('hunter1')], checks: orderCheck }
  expect(await diffRelease({ ...where, ...checked })).toEqual({
    ...NONE,
    checks: [{ name: 'order', change: 'create' }],
  })

  const next = await diffRelease({ ...where, objects: [...second, secret('hunter2')] })
  const byObject = new Map(next.changes.map((change) => [change.object, change]))
  expect([...byObject].map(([object, { change }]) => `${change} ${object}`).sort()).toEqual([
    'create configmap/new',
    'delete configmap/old',
    'update configmap/file',
    'update deployment/web',
    'update secret/keys',
  ])
  expect(byObject.get('deployment/web')?.fields).toEqual([
    {
      field: 'spec.template.spec.containers[web].env[LEVEL].value',
      before: 'info',
      after: 'debug',
    },
    { field: 'spec.template.spec.containers[web].image', before: 'a:1', after: 'a:2' },
  ])
  expect(byObject.get('secret/keys')?.fields).toEqual([
    { field: 'data.PASSWORD', hidden: 'secret' },
  ])
  expect(byObject.get('configmap/file')?.fields).toEqual([{ field: 'data.a', hidden: 'content' }])
  for (const text of ['hunter1', 'hunter2'].flatMap((one) => [one, btoa(one)]))
    expect(JSON.stringify(next)).not.toContain(text)

  const find = await deployedImages(where)
  expect(find(web('b:1', ''), 'web')?.image).toBe('a:1')

  await deploy([...second, secret('hunter2')])
  const back = await diffToRevision({ ...where, to: 1 })
  expect(back.changes.map(({ change, object }) => `${change} ${object}`).sort()).toEqual([
    'create configmap/old',
    'delete configmap/new',
    'update configmap/file',
    'update deployment/web',
    'update secret/keys',
  ])
  expect(await diffToRevision({ ...where, to: 2 })).toEqual(NONE)
  const between = await diffRevisions({ ...where, from: 1, to: 2 })
  expect(between.changes.length).toBe(5)
  expect(between.changes.find(({ object }) => object === 'deployment/web')?.fields).toEqual(
    byObject.get('deployment/web')?.fields,
  )
  for (const found of [back, between])
    for (const text of ['hunter1', 'hunter2'].flatMap((one) => [one, btoa(one)]))
      expect(JSON.stringify(found)).not.toContain(text)
  await expect(diffRevisions({ ...where, from: 1, to: 9 })).rejects.toThrow(NoRevisionError)
  await expect(diffToRevision({ ...where, to: 9 })).rejects.toThrow('there are 1, 2')
})

test('an object of others is reported, and what is replaced shows what is declared', async () => {
  const { name: namespace, api } = apiNamespace('diff-foreign')
  const { client } = api
  const where = { client, release: 'shop', namespace }
  await client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } })
  const { client: _, ...place } = where
  const foreign = configMap('taken', { a: '1' })
  await client.create({ ...foreign, metadata: { ...foreign.metadata, namespace } })
  const old = deployment('web')
  await client.create({
    ...old,
    metadata: { ...old.metadata, namespace, labels: { 'landfall.dev/release': place.release } },
  })
  const other = deployment('web')
  other.spec.selector.matchLabels = { app: 'other' }
  other.spec.template.metadata.labels = { app: 'other' }
  const found = await diffRelease({ ...where, objects: [configMap('taken', { a: '2' }), other] })
  expect(found.foreign).toEqual([{ object: 'configmap/taken', owner: 'another tool or user' }])
  expect(found.changes.find(({ object }) => object === 'deployment/web')).toEqual({
    object: 'deployment/web',
    change: 'replace',
    fields: expect.arrayContaining([
      { field: 'spec.selector.matchLabels.app', before: 'web', after: 'other' },
    ]),
  })
})
