import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { KubeObject } from '@landfall/kube'
import { apiNamespace, eventually } from '@landfall/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { nodeDisks } from './directories.ts'
import { runProvisioner } from './provisioner.ts'

const { name: namespace, api } = apiNamespace('volumes')
const { client } = api
const provisioner = { name: `landfall.test/${namespace}`, onNode: '/var/lib/volumes' }
const directory = mkdtempSync(join(tmpdir(), 'landfall-volumes-'))
const onHost = join(directory, '%s', 'volumes')
const volumesOn = (node: string) => readdirSync(join(directory, node, 'volumes'))
const core = 'v1'
const patience = 120_000

/** The provisioner with the rights that it has in a cluster; `stop` resolves when it has ended. */
function start(): { stop: () => Promise<void>; lines: string[] } {
  const stopping = new AbortController()
  const lines: string[] = []
  const ended = runProvisioner({
    client: api.clientAs(namespace),
    provisioner,
    disks: nodeDisks(onHost),
    log: (line) => lines.push(line),
    signal: stopping.signal,
  })
  return {
    lines,
    stop: () => {
      stopping.abort()
      return ended
    },
  }
}

/** A claim as the controller manager and the scheduler leave it. */
async function claim(name: string, node?: string, spec: object = {}): Promise<KubeObject> {
  return client.create({
    apiVersion: core,
    kind: 'PersistentVolumeClaim',
    metadata: {
      name,
      namespace,
      annotations: {
        'volume.kubernetes.io/storage-provisioner': provisioner.name,
        ...(node !== undefined && { 'volume.kubernetes.io/selected-node': node }),
      },
    },
    spec: {
      storageClassName: namespace,
      accessModes: ['ReadWriteOnce'],
      resources: { requests: { storage: '1Gi' } },
      ...spec,
    },
  })
}

const volumeOf = ({ metadata }: KubeObject) =>
  client.get({ apiVersion: core, kind: 'PersistentVolume', name: `pvc-${metadata.uid}` })

async function provided(of: KubeObject): Promise<KubeObject> {
  let found: KubeObject | undefined
  await eventually(patience, async () => {
    found = await volumeOf(of)
    expect(found).toBeDefined()
  })
  return found as KubeObject
}

async function eventsOf(name: string): Promise<string[]> {
  const { items } = await client.list({ apiVersion: core, kind: 'Event', namespace })
  return items
    .filter(({ involvedObject }) => involvedObject.name === name)
    .map(({ type, reason, message }) => `${type} ${reason}: ${message}`)
}

/** Deletes the claim of a volume, and does what the controller manager does then. */
async function release(volume: KubeObject): Promise<void> {
  const { name } = volume.spec.claimRef
  const claims = `/api/v1/namespaces/${namespace}/persistentvolumeclaims`
  const finalizers = { metadata: { finalizers: null } }
  await api.send('PATCH', `${claims}/${name}`, finalizers, 'application/merge-patch+json')
  await client.delete({ apiVersion: core, kind: 'PersistentVolumeClaim', namespace, name })
  const path = `/api/v1/persistentvolumes/${volume.metadata.name}`
  const patch = 'application/merge-patch+json'
  await api.send('PATCH', path, { metadata: { finalizers: null } }, patch)
  await api.send('PATCH', `${path}/status`, { status: { phase: 'Released' } }, patch)
}

let running: ReturnType<typeof start>
beforeAll(async () => {
  for (const node of ['node-1', 'node-2'])
    mkdirSync(join(directory, node, 'volumes'), { recursive: true })
  await client.create({ apiVersion: core, kind: 'Namespace', metadata: { name: namespace } })
  await client.create({
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name: namespace },
    provisioner: provisioner.name,
    reclaimPolicy: 'Delete',
    volumeBindingMode: 'WaitForFirstConsumer',
  })
  const rbac = 'rbac.authorization.k8s.io'
  await client.create({
    apiVersion: `${rbac}/v1`,
    kind: 'ClusterRoleBinding',
    metadata: { name: namespace },
    roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: 'system:persistent-volume-provisioner' },
    subjects: [{ apiGroup: rbac, kind: 'User', name: namespace }],
  })
  running = start()
})
afterAll(async () => {
  await running.stop()
  rmSync(directory, { recursive: true })
})

test('a claim gets a directory on the node that was chosen, and a volume that is bound to both', async () => {
  const waiting = await claim('waiting')
  const data = await claim('data', 'node-2', { accessModes: ['ReadWriteOnce', 'ReadWriteMany'] })
  const volume = await provided(data)
  const { uid, resourceVersion } = data.metadata
  const name = `pvc-${uid}`
  expect(volume.metadata.annotations).toMatchObject({
    'pv.kubernetes.io/provisioned-by': provisioner.name,
  })
  expect(volume.spec).toEqual({
    accessModes: ['ReadWriteOnce', 'ReadWriteMany'],
    capacity: { storage: '1Gi' },
    claimRef: {
      ...{ apiVersion: core, kind: 'PersistentVolumeClaim' },
      ...{ name: 'data', namespace, uid, resourceVersion },
    },
    local: { path: `/var/lib/volumes/${name}` },
    nodeAffinity: {
      required: {
        nodeSelectorTerms: [
          {
            matchExpressions: [
              { key: 'kubernetes.io/hostname', operator: 'In', values: ['node-2'] },
            ],
          },
        ],
      },
    },
    persistentVolumeReclaimPolicy: 'Delete',
    storageClassName: namespace,
    volumeMode: 'Filesystem',
  })
  expect(statSync(join(directory, 'node-2', 'volumes', name)).mode & 0o7777).toBe(0o777)
  await eventually(patience, async () =>
    expect(await eventsOf('data')).toEqual([
      `Normal ProvisioningSucceeded: Successfully provisioned volume ${name}`,
    ]),
  )
  expect(await volumeOf(waiting)).toBeUndefined()
  expect(volumesOn('node-1')).toEqual([])
})

test('a claim that cannot be served has an event with the reason, and is served when that is gone', async () => {
  const away = await claim('away', 'node-3')
  const outside = await claim('outside', '../../outside')
  await claim('block', 'node-1', { volumeMode: 'Block' })
  const failed = `Warning ProvisioningFailed: failed to provision volume with StorageClass "${namespace}":`
  await eventually(patience, async () => {
    expect(await eventsOf('away')).toEqual([`${failed} the cluster has no disk of a node "node-3"`])
    expect(await eventsOf('outside')).toEqual([
      `${failed} the cluster has no disk of a node "../../outside"`,
    ])
    expect(await eventsOf('block')).toEqual([`${failed} block volumes are not supported`])
  })
  mkdirSync(join(directory, 'node-3', 'volumes'), { recursive: true })
  await provided(away)
  expect(await volumeOf(outside)).toBeUndefined()
  expect(readdirSync(directory).sort()).toEqual(['node-1', 'node-2', 'node-3'])
})

test('many claims at once; a volume that is released goes with its files, one that is kept stays', async () => {
  const claims = await Promise.all(
    Array.from({ length: 30 }, (_, at) => claim(`many-${at}`, 'node-1')),
  )
  const volumes = await Promise.all(claims.map(provided))
  expect(volumesOn('node-1')).toHaveLength(30)
  const [first, kept] = volumes as [KubeObject, KubeObject]
  const files = (volume: KubeObject) => join(directory, 'node-1/volumes', volume.metadata.name)
  writeFileSync(join(files(first), 'file'), '')
  await api.send(
    'PATCH',
    `/api/v1/persistentvolumes/${kept.metadata.name}`,
    { spec: { persistentVolumeReclaimPolicy: 'Retain' } },
    'application/merge-patch+json',
  )
  await release(kept)
  await release(first)
  await eventually(patience, async () =>
    expect(await volumeOf(claims[0] as KubeObject)).toBeUndefined(),
  )
  expect(existsSync(files(first))).toBe(false)
  expect(existsSync(files(kept))).toBe(true)
  expect(await volumeOf(claims[1] as KubeObject)).toBeDefined()
})

test('after a restart it goes on: what was not finished is, and what was made is left alone', async () => {
  const before = volumesOn('node-1')
  await running.stop()
  const late = await claim('late', 'node-1')
  // The directory of an attempt that did not get as far as the volume.
  mkdirSync(join(directory, 'node-1/volumes', `pvc-${late.metadata.uid}`), { mode: 0o700 })
  running = start()
  await provided(late)
  expect(statSync(join(directory, 'node-1/volumes', `pvc-${late.metadata.uid}`)).mode & 0o777).toBe(
    0o777,
  )
  expect(volumesOn('node-1').filter((name) => !before.includes(name))).toEqual([
    `pvc-${late.metadata.uid}`,
  ])
  expect(running.lines.filter((line) => line.includes('data'))).toEqual([])
})
