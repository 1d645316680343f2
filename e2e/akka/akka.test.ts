import { appendFile, cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'
import { defaultOptions, nodePowerOff, nodePowerOn } from '@landfall/local-cluster'
import {
  addressIn,
  eventually,
  type Json,
  keepOnFailure,
  landfallOnCluster,
  podReady,
  repository,
  sharedCluster,
  testNamespace,
} from '@landfall/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { inWords, type Step, traffic } from './traffic.ts'

// examples/akka under requests every 5 ms: nothing that an operator does loses one.

const database = testNamespace('e2e-akka-database')
const namespace = testNamespace('e2e-akka')
const root = await mkdtemp(`${tmpdir()}/landfall-akka-`)
afterAll(() => rm(root, { recursive: true, force: true }))
const app = `${root}/akka`
const secret = { DB_USER_PASSWORD: 'not-a-secret-here' }

/** A server on the network of a node is as good as one outside of the cluster. */
const DATABASE = `name: database
services:
  db:
    image: mariadb:10.11
    environment:
      { MARIADB_RANDOM_ROOT_PASSWORD: "1", MARIADB_DATABASE: example, MARIADB_USER: example, MARIADB_PASSWORD: ${secret.DB_USER_PASSWORD} }
    network_mode: host
    expose: ["3306"]
    volumes: ["data:/var/lib/mysql"]
    healthcheck: { test: ["CMD","healthcheck.sh","--connect","--innodb_initialized"], start_period: 120s, start_interval: 1s }
    deploy: { placement: { constraints: ["node.hostname == node-1"] } }
volumes: { data: {} }
`

const up = async (environment?: string) => {
  await writeFile(`${app}/.env`, `DB_USER_PASSWORD=${secret.DB_USER_PASSWORD}\n`)
  const more = environment === undefined ? [] : ['--environment', environment]
  return (await landfallOnCluster(namespace, 'up', [app, ...more])).stdout
}

const pods = async () =>
  (await namespace.list('pods', 'app.kubernetes.io/name=app')).filter(
    ({ metadata }) => metadata.deletionTimestamp === undefined,
  )

/** Waits until three copies are ready. */
const threeReady = () =>
  eventually(300_000, async () => expect((await pods()).filter(podReady)).toHaveLength(3))
const restarts = async (): Promise<number> =>
  (await pods()).reduce(
    (sum: number, { status }: Json) => sum + (status.containerStatuses?.[0]?.restartCount ?? 0),
    0,
  )

let address = ''
let nodeAddress = ''

beforeAll(async () => {
  await cp(`${repository}examples/akka`, app, { recursive: true })
  const place = await mkdtemp(`${root}/database-`)
  await writeFile(`${place}/compose.yaml`, DATABASE)
  await writeFile(`${place}/landfall.yaml`, 'services: { db: { host: { network: true } } }\n')
  await landfallOnCluster(database, 'up', [place])
  const nodes = (await namespace.list('nodes')) as Json[]
  const first = nodes.find(({ metadata }) => metadata.name === 'node-1')
  nodeAddress = first.status.addresses.find(({ type }: Json) => type === 'InternalIP').address
  await writeFile(
    `${app}/landfall.yaml`,
    `external:
  mysql-service: { address: ${nodeAddress}, ports: [3306] }
environments:
  prod: { external: { mysql-service: { host: db.${database.name}.svc.cluster.local } } }
`,
  )
})

const steps = new Map<string, Step>()
const lostIn = (name: string): string | undefined => {
  const step = steps.get(name)
  return step === undefined || step.lost.size === 0 ? undefined : inWords(step)
}

test('three copies are ready, and one address answers for all', async () => {
  keepOnFailure(namespace)
  const printed = await up()
  expect(printed).not.toContain('Not reachable')
  const { port } = new URL(addressIn(printed))
  address = `http://${nodeAddress}:${port}`
  expect(await pods()).toHaveLength(3)
  expect(await (await fetch(`${address}/health`)).text()).toBe('ok\n')
})

test('requests every 5 ms through everything that an operator does', async () => {
  keepOnFailure(namespace)
  const requests = traffic(address)
  await pause(3_000)

  requests.step('image update')
  await appendFile(`${app}/app/server.js`, '\n// the next version\n')
  await up()

  requests.step('environment change')
  await appendFile(`${app}/.env`, 'TITLE=News\n')
  await landfallOnCluster(namespace, 'up', [app])
  expect(await (await fetch(`${address}/`)).text()).toContain('<h1>News</h1>')

  requests.step('rollback')
  await landfallOnCluster(namespace, 'rollback', ['-p', 'posts'])
  expect(await (await fetch(`${address}/`)).text()).toContain('<h1>Posts</h1>')

  requests.step('deletion of each pod')
  for (const { metadata } of await pods()) {
    await namespace.kubectl(['delete', 'pod', metadata.name])
    await threeReady()
  }

  requests.step('scale 3, 1, 3')
  await landfallOnCluster(namespace, 'scale', ['app=1', '-p', 'posts'])
  await eventually(120_000, async () => expect(await pods()).toHaveLength(1))
  await landfallOnCluster(namespace, 'scale', ['app=3', '-p', 'posts'])

  requests.step('drain of a node')
  const drain = ['--ignore-daemonsets', '--delete-emptydir-data', '--timeout=300s']
  await namespace.kubectl(['drain', 'node-2', ...drain])
  await eventually(120_000, async () => {
    const ready = (await pods()).filter(podReady)
    expect(ready.map(({ spec }) => spec.nodeName)).toEqual(['node-1', 'node-1', 'node-1'])
  })
  await namespace.kubectl(['uncordon', 'node-2'])

  requests.step('after')
  await pause(2_000)
  for (const step of await requests.end()) steps.set(step.name, step)
  process.stdout.write(`${[...steps.values()].map(inWords).join('\n')}\n`)
  expect([...steps.keys()].map(lostIn).filter((lost) => lost !== undefined)).toEqual([])
  expect(Math.min(...[...steps.values()].map(({ sent }) => sent))).toBeGreaterThan(20)
})

test('when a node loses its power, what goes to its pods is lost until the cluster has noticed, and nothing after that', async () => {
  keepOnFailure(namespace)
  const options = { ...defaultOptions(process.env), name: sharedCluster().name }
  const nodesOf = async () => [...new Set((await pods()).map(({ spec }) => spec.nodeName))]
  const [only, ...others] = await nodesOf()
  if (others.length === 0) {
    await namespace.kubectl(['cordon', only])
    const [first] = await pods()
    await namespace.kubectl(['delete', 'pod', first.metadata.name])
    await threeReady()
    await namespace.kubectl(['uncordon', only])
  }
  expect(await nodesOf()).toHaveLength(2)
  const requests = traffic(address)
  try {
    requests.step('power of a node lost')
    await nodePowerOff(options, 'node-2')
    await eventually(300_000, async () => {
      const ready = (await pods()).filter(podReady)
      expect(ready.every(({ spec }) => spec.nodeName === 'node-1')).toBe(true)
    })
    await pause(15_000)
    requests.step('power lost, after the cluster has noticed')
    await pause(20_000)
  } finally {
    // its kubelet reports the pods that it last knew, with their old addresses, before it starts them again
    requests.step('the node is back')
    await pause(2_000)
    await nodePowerOn(options, 'node-2')
    const ended = await requests.end()
    process.stdout.write(`${ended.map(inWords).join('\n')}\n`)
    for (const step of ended) steps.set(step.name, step)
  }
  expect(lostIn('power lost, after the cluster has noticed')).toBeUndefined()
  await threeReady()
})

test('without its database pages answer 500, no copy is restarted, and all is well when it is back', async () => {
  keepOnFailure(namespace)
  const before = await restarts()
  await database.kubectl(['scale', 'deployment/db', '--replicas=0'])
  await eventually(120_000, async () => expect((await fetch(`${address}/`)).status).toBe(500))
  // what is outside of the project is no failure of the release, and no secret either
  expect(await up()).toMatch(/Not reachable: mysql-service:3306, .*; (app|schema) connects to it/)
  await pause(20_000)
  expect(await (await fetch(`${address}/health`)).text()).toBe('ok\n')
  expect(await restarts()).toBe(before)
  await database.kubectl(['scale', 'deployment/db', '--replicas=1'])
  await eventually(300_000, async () => expect((await fetch(`${address}/`)).status).toBe(200))
  expect(await restarts()).toBe(before)
})

test('the database is at another place: by its name now, without a build', async () => {
  keepOnFailure(namespace)
  const images = async () => (await pods()).map(({ spec }) => spec.containers[0].image)
  const before = await images()
  await up('prod')
  const service = await namespace.get('service', 'mysql-service')
  expect(service.spec.externalName).toBe(`db.${database.name}.svc.cluster.local`)
  expect(await images()).toEqual(before)
  await eventually(120_000, async () => expect((await fetch(`${address}/`)).status).toBe(200))
})
