import type { KubeObject } from '@landfall/kube'
import { expect, test } from 'vitest'
import { EMPTY_INVENTORY, type Inventory, objectKey } from '../release/inventory.ts'
import { releaseObject } from '../release/release.ts'
import type { Observed } from './observe.ts'
import { planDeploy, renderOperations } from './plan.ts'

const JOB_REVISIONS = 10

const shop = { release: 'shop', namespace: 'shop' }

const object = (apiVersion: string, kind: string, name: string, rest: object = {}): KubeObject => ({
  apiVersion,
  kind,
  metadata: { name },
  ...rest,
})
const configMap = (name: string, text: string) =>
  object('v1', 'ConfigMap', name, { data: { text } })
const claim = (name: string) => object('v1', 'PersistentVolumeClaim', name, { spec: {} })
const service = (name: string, spec: object = { clusterIP: '10.96.0.1' }) =>
  object('v1', 'Service', name, { spec })
const deployment = (name: string, image = 'a') =>
  object('apps/v1', 'Deployment', name, { spec: { selector: { app: name }, template: { image } } })
const job = (
  name: string,
  status: object = { conditions: [{ type: 'Complete', status: 'True' }] },
) => object('batch/v1', 'Job', name, { spec: { template: {} }, status })

const inRelease = (objects: KubeObject[]) => objects.map((one) => releaseObject(one, shop, true))

/** A namespace that holds these objects as an earlier deploy left them. */
function deployed(objects: KubeObject[], revision = 1): Observed {
  const live = inRelease(objects)
  for (const one of live) one.metadata.uid = `uid-${one.metadata.name}`
  return {
    namespace: 'there',
    inventory: {
      revision,
      entries: live.map(({ apiVersion, kind, metadata: { name } }) => ({
        apiVersion,
        kind,
        name,
        revision,
      })),
    },
    live: new Map(live.map((one) => [objectKey(one), one])),
  }
}

const plan = (objects: KubeObject[], observed: Observed) =>
  planDeploy(inRelease(objects), observed, shop, {
    jobRevisions: JOB_REVISIONS,
    othersFields: 'refuse',
  })
const text = (objects: KubeObject[], observed: Observed) =>
  renderOperations(plan(objects, observed).operations).split('\n')

const NOTHING: Observed = { namespace: 'absent', inventory: EMPTY_INVENTORY, live: new Map() }

test('a first deploy makes everything, kind after kind', () => {
  const objects = [deployment('web'), service('web'), claim('data'), configMap('gates', 'x')]
  expect(text(objects, NOTHING)).toEqual([
    '[1] create namespace/shop: does not exist yet',
    '[2] create configmap/gates: does not exist yet',
    '[3] create persistentvolumeclaim/data: does not exist yet',
    '[4] create service/web: does not exist yet',
    '[5] create deployment/web: does not exist yet',
  ])
  const { inventory } = plan(objects, NOTHING)
  expect(inventory.revision).toBe(1)
  expect(inventory.entries.map(({ kind }) => kind)).not.toContain('Namespace')
})

test('a second deploy of the same does nothing, not even a new revision', () => {
  const objects = [deployment('web'), job('migrate-1'), configMap('gates', 'x')]
  const observed = deployed(objects)
  expect(new Set(plan(objects, observed).operations.map(({ verb }) => verb))).toEqual(
    new Set(['unchanged']),
  )
  expect(plan(objects, observed).inventoryAfter).toEqual(observed.inventory)
})

test('what changed in the project or in the cluster is applied again, the rest is not', () => {
  const observed = deployed([deployment('web'), configMap('a', 'x'), configMap('b', 'x')])
  const edited = observed.live.get('v1 configmap/b') as KubeObject
  edited.data = { text: 'edited by hand' }
  expect(
    text([deployment('web', 'b'), configMap('a', 'x'), configMap('b', 'x')], observed),
  ).toEqual([
    '[1] unchanged configmap/a: no change',
    '[2] update configmap/b: changed in the cluster',
    '[3] update deployment/web: changed in the project',
  ])
})

test('what is gone from the project is deleted, workloads before and the rest after; claims and ended Jobs stay', () => {
  const before = [
    deployment('old'),
    service('old'),
    configMap('old', 'x'),
    claim('data'),
    job('m-1'),
  ]
  expect(text([deployment('new'), job('m-2')], deployed(before))).toEqual([
    '[1] delete deployment/old: no longer part of the release',
    '[2] delete service/old: no longer part of the release',
    '[3] keep persistentvolumeclaim/data: no longer part of the release; its data is kept',
    '[4] create deployment/new: does not exist yet',
    '[5] keep job/m-1: ran in revision 1; Jobs of the last 10 revisions are kept',
    '[6] create job/m-2: does not exist yet',
    '[7] delete configmap/old: no longer part of the release',
  ])
})

test('a Job that still runs is not kept beside the one that takes its place', () => {
  const observed = deployed([job('m-1', { active: 1 })])
  expect(text([job('m-2')], observed)).toEqual([
    '[1] delete job/m-1: no longer part of the release',
    '[2] create job/m-2: does not exist yet',
  ])
})

test('a Job of a revision that is out of history is deleted', () => {
  const observed = deployed([job('m-1')])
  observed.inventory.revision = 1 + JOB_REVISIONS
  expect(text([job('m-2')], observed)[0]).toBe('[1] delete job/m-1: no longer part of the release')
})

test('a Job that failed runs again', () => {
  const failed = job('m-1', { conditions: [{ type: 'Failed', status: 'True' }] })
  expect(text([failed], deployed([failed]))).toEqual(['[1] replace job/m-1: its last run failed'])
})

test.each([
  [
    'a selector',
    deployment('web'),
    object('apps/v1', 'Deployment', 'web', { spec: { selector: { app: 'x' }, template: {} } }),
    'its selector changed, which cannot be changed in place',
  ],
  [
    'a Service that gets ports',
    service('db', { clusterIP: 'None' }),
    service('db', { ports: [{ port: 1 }] }),
    'it gets a cluster address',
  ],
  [
    'the role of a binding',
    object('rbac.authorization.k8s.io/v1', 'RoleBinding', 'gate', { roleRef: { name: 'a' } }),
    object('rbac.authorization.k8s.io/v1', 'RoleBinding', 'gate', { roleRef: { name: 'b' } }),
    'its roleRef changed, which cannot be changed in place',
  ],
])('%s cannot be changed in place: the object is replaced', (_name, before, after, cause) => {
  const [operation] = plan([after], deployed([before])).operations
  expect(operation).toMatchObject({ verb: 'replace', cause, uid: `uid-${before.metadata.name}` })
})

test('an object that is being deleted is made anew', () => {
  const observed = deployed([configMap('gates', 'x')])
  for (const one of observed.live.values()) one.metadata.deletionTimestamp = '2026-01-01T00:00:00Z'
  expect(text([configMap('gates', 'x')], observed)).toEqual([
    '[1] replace configmap/gates: is being deleted',
  ])
})

test('what someone else made is in the way; what kubectl applied of ours is taken over', () => {
  const theirs = configMap('gates', 'x')
  const applied = configMap('files', 'x')
  applied.metadata.labels = { 'app.kubernetes.io/managed-by': 'landfall' }
  const other = releaseObject(configMap('more', 'x'), { ...shop, release: 'other' }, true)
  const live = new Map([theirs, applied, other].map((one) => [objectKey(one), one]))
  const observed: Observed = { namespace: 'there', inventory: EMPTY_INVENTORY, live }
  const objects = [theirs, applied, configMap('more', 'x')]
  expect(
    plan(objects, observed).foreign.map(({ object: { metadata }, owner }) => [
      metadata.name,
      owner,
    ]),
  ).toEqual([
    ['gates', 'another tool or user'],
    ['more', 'the release other'],
  ])
  expect(text([applied], observed)).toEqual([
    '[1] update configmap/files: was applied by another tool',
  ])
})

test('a deploy that was killed is gone on with: the inventory of before and after the first change is their union', () => {
  const { inventory, inventoryAfter } = plan([deployment('new')], deployed([deployment('old')]))
  const names = ({ entries }: Inventory) =>
    entries.map(({ name, revision }) => `${name} ${revision}`)
  expect(names(inventory)).toEqual(['new 2', 'old 1'])
  expect(names(inventoryAfter)).toEqual(['new 2'])
})

test('an object that someone made anew under a name that we had is left alone', () => {
  const observed = deployed([configMap('old', 'x')])
  for (const one of observed.live.values()) delete one.metadata.labels
  expect(plan([], observed).operations).toEqual([])
})

/** Configuration under a name that follows from its content. */
const named = (name: string, text: string) => ({ ...configMap(name, text), immutable: true })

test('configuration of earlier revisions stays as long as they are kept, and as long as a template of pods uses it', () => {
  const old = named('web-files-1', 'x')
  const desired = [named('web-files-2', 'y')]
  const recent = deployed([old], 5)
  expect(text(desired, recent)).toEqual([
    '[1] keep configmap/web-files-1: was part of revision 5; configuration of the last 10 revisions is kept',
    '[2] create configmap/web-files-2: does not exist yet',
  ])
  const { inventoryAfter } = plan(desired, recent)
  expect(inventoryAfter.entries.map(({ name, revision }) => `${name} ${revision}`)).toEqual([
    'web-files-2 6',
    'web-files-1 5',
  ])
  const long = deployed([old], 5)
  const observed = { ...long, inventory: { ...long.inventory, revision: 30 } }
  expect(text(desired, observed)[1]).toBe(
    '[2] delete configmap/web-files-1: no longer part of the release',
  )
  const template = { spec: { volumes: [{ name: 'f', configMap: { name: 'web-files-1' } }] } }
  for (const earlier of [
    object('apps/v1', 'ReplicaSet', 'web-1', { spec: { template } }),
    object('apps/v1', 'ControllerRevision', 'agent-1', { data: { spec: { template } } }),
  ]) {
    const live = new Map([...observed.live, [objectKey(earlier), earlier]])
    expect(text(desired, { ...observed, live })).toContain(
      '[1] keep configmap/web-files-1: an earlier template of pods uses it',
    )
  }
})

test('immutable content that is another one under the same name is made again', () => {
  expect(text([named('a', 'y')], deployed([named('a', 'x')]))).toEqual([
    '[1] replace configmap/a: its data changed, which cannot be changed in place',
  ])
  expect(text([configMap('a', 'x')], deployed([named('a', 'x')]))).toEqual([
    '[1] replace configmap/a: it was immutable',
  ])
})
