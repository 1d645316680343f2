import { appendFile, cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { fileURLToPath } from 'node:url'
import { eventually, keepOnFailure, landfallOnCluster, testNamespace } from '@landfall/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'

// What landfall.yaml can say that Compose cannot: values of files for one service, rights in the API, what is left out, and what is outside.

const root = await mkdtemp(`${tmpdir()}/landfall-declared-`)
afterAll(() => rm(root, { recursive: true, force: true }))

const stores = testNamespace('e2e-declared-stores')
const namespace = testNamespace('e2e-declared')
const project = `${root}/project`
const PASSWORD = 'correct-horse-battery'

const settings = (store: string) => `external:
  store: { host: ${store}.${stores.name}.svc.cluster.local }
services:
  seed: { oneShot: true }
  portainer: { enabled: false }
  worker:
    permissions: [{ resources: [pods], verbs: [get, list] }]
    files:
      ./config.json:
        set:
          /worker/capacity: 10
          /worker/address/own: { pod: ip }
          /brokers/id=b/host: { address: "master:8000" }
          /brokers/-: { id: c }
          /password: { secret: broker, key: password }
        delete: [/worker/old]
`

beforeAll(async () => {
  await mkdir(`${root}/stores`)
  await writeFile(
    `${root}/stores/compose.yaml`,
    'name: stores\nservices:\n  one: { image: "redis:7.0" }\n  two: { image: "redis:7.0" }\n',
  )
  await landfallOnCluster(stores, 'up', [`${root}/stores`])
  await cp(fileURLToPath(new URL('project', import.meta.url)), project, { recursive: true })
  await writeFile(`${project}/landfall.yaml`, settings('one'))
  await stores.kubectl(['create', 'namespace', namespace.name])
  await namespace.kubectl([
    'create',
    'secret',
    'generic',
    'broker',
    `--from-literal=password=${PASSWORD}`,
  ])
  const { stdout } = await landfallOnCluster(namespace, 'up', [project])
  for (const [, service = '', address = ''] of stdout.matchAll(
    /^ +(worker|master) .*(http:\S+)$/gm,
  ))
    addresses.set(service, address)
})

const addresses = new Map<string, string>()
const answer = async (service: string, path: string): Promise<string> =>
  (await fetch(`${addresses.get(service)}/${path}`)).text()

/** Value of a key in a store; empty if there is none. */
const stored = async (store: string, key: string): Promise<string> =>
  (await stores.kubectl(['exec', `deploy/${store}`, '--', 'redis-cli', 'GET', key])).trim()

const podOf = async (service: string) =>
  (await namespace.list('pods', `app.kubernetes.io/name=${service}`)).find(
    ({ metadata }) => metadata.deletionTimestamp === undefined,
  )

test('a file has the values of one service, and is as it was for the other', async () => {
  keepOnFailure(namespace)
  const pod = await podOf('worker')
  expect(JSON.parse(await answer('worker', 'config'))).toEqual({
    worker: { capacity: 10, address: { own: pod?.status.podIP } },
    brokers: [{ id: 'a', host: '10.0.0.1' }, { id: 'b', host: 'master:8000' }, { id: 'c' }],
    password: PASSWORD,
  })
  expect(JSON.parse(await answer('master', 'config'))).toEqual({
    worker: { capacity: 1, old: true },
    brokers: [
      { id: 'a', host: '10.0.0.1' },
      { id: 'b', host: '10.0.0.2' },
    ],
  })
  const readable = JSON.stringify(await namespace.list('configmaps,pods,deployments,events'))
  expect(readable).not.toContain(PASSWORD)
})

test('a service has the rights that it needs, and no others; others have none', async () => {
  keepOnFailure(namespace)
  expect(await answer('worker', 'pods')).toBe('200')
  expect(await answer('worker', 'secrets')).toBe('403')
  expect(await answer('master', 'pods')).toBe('no token')
})

test('a service that is not enabled is not there', async () => {
  keepOnFailure(namespace)
  expect(await namespace.list('deployments,services', 'app.kubernetes.io/name=portainer')).toEqual(
    [],
  )
})

test('another value for one service makes new pods of that service alone', async () => {
  keepOnFailure(namespace)
  const before = await podOf('master')
  await writeFile(
    `${project}/landfall.yaml`,
    settings('one').replace('capacity: 10', 'capacity: 20'),
  )
  await landfallOnCluster(namespace, 'up', [project])
  expect(JSON.parse(await answer('worker', 'config')).worker.capacity).toBe(20)
  expect((await podOf('master'))?.metadata.uid).toBe(before?.metadata.uid)
})

test('another external store: who is connected to it connects again, and what prepares it runs again', async () => {
  keepOnFailure(namespace)
  expect(await answer('master', 'write')).toBe('+OK\r\n')
  expect(await stored('one', 'row')).toBe('written')
  await writeFile(
    `${project}/landfall.yaml`,
    settings('two').replace('capacity: 10', 'capacity: 20'),
  )
  await landfallOnCluster(namespace, 'up', [project])
  expect(await stored('two', 'schema')).toBe('made')
  await stores.kubectl(['exec', 'deploy/one', '--', 'redis-cli', 'DEL', 'row'])
  await eventually(180_000, async () => expect(await answer('master', 'write')).toBe('+OK\r\n'))
  expect(await stored('two', 'row')).toBe('written')
  expect(await stored('one', 'row')).toBe('')
})

test('a store that is not there is reported', async () => {
  keepOnFailure(namespace)
  await stores.kubectl(['scale', 'deploy/two', '--replicas=0'])
  await stores.kubectl([
    'wait',
    '--for=delete',
    'pod',
    '-l',
    'app.kubernetes.io/name=two',
    '--timeout=120s',
  ])
  await appendFile(`${project}/landfall.yaml`, 'checks: {}\n')
  const { stdout } = await landfallOnCluster(namespace, 'up', [project])
  expect(stdout).toContain('Not reachable: store:6379')
})
