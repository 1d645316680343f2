import {
  type Cluster,
  clusterDown,
  clusterUp,
  defaultOptions,
  nodePowerOff,
  nodePowerOn,
} from '@landfall/local-cluster'
import {
  addressIn,
  allReady,
  eventually,
  findOrder,
  type Json,
  landfall,
  type Namespace,
  namespaceOf,
  placeOrder,
  repository,
} from '@landfall/testkit'
import { afterAll, beforeAll, expect, onTestFailed, test } from 'vitest'

const options = { ...defaultOptions(process.env), name: 'power-cut', nodes: 2 }
let cluster: Cluster
let namespace: Namespace

beforeAll(async () => {
  cluster = await clusterUp(options, () => undefined)
  namespace = namespaceOf(cluster, 'shop')
})
afterAll(() => clusterDown(options, { volumes: true }, () => undefined))

/** Start of the program and end of the gate per service, in milliseconds, from what the kubelet wrote down after the power came back. */
async function timesByService(): Promise<Map<string, { gateEnded: number; readyAt: number }>> {
  const times = new Map<string, { gateEnded: number; readyAt: number }>()
  for (const pod of await namespace.list('pods')) {
    const gate = pod.status.initContainerStatuses?.find((status: Json) =>
      status.name.startsWith('wait-for-'),
    )
    const ready = pod.status.conditions.find((condition: Json) => condition.type === 'Ready')
    times.set(pod.metadata.labels['app.kubernetes.io/name'], {
      gateEnded: Date.parse(gate?.state.terminated?.finishedAt ?? 0),
      readyAt: Date.parse(ready.lastTransitionTime),
    })
  }
  return times
}

test('after a power cut of all nodes the shop is ready again unattended, in order, with its orders', async () => {
  onTestFailed(() => namespace.keepArtifacts(), 120_000)
  const up = await landfall([
    'up',
    `${repository}examples/shop`,
    '--local',
    '--cluster',
    options.name,
    '--nodes',
    '2',
  ])
  expect(`${up.code} ${up.stderr}`).toMatch(/^0 /)
  const shop = addressIn(up.stdout)
  const order = await placeOrder(shop, 'kettle', 4)
  await findOrder(shop, order)

  const cut = Date.now()
  await Promise.all(cluster.nodes.map(({ name }) => nodePowerOff(options, name)))
  for (const { name } of cluster.nodes) await nodePowerOn(options, name)
  await eventually(
    300_000,
    async () => {
      await allReady(namespace)
      for (const [service, { readyAt }] of await timesByService())
        if (service !== 'migrate' && readyAt < cut)
          throw new Error(`${service} was not seen to come back yet`)
    },
    1000,
  )
  expect(await findOrder(shop, order, 300_000)).toMatchObject({ product: 'kettle', quantity: 4 })

  const times = await timesByService()
  const pairs = [
    ['front', 'api'],
    ['front', 'catalog'],
    ['api', 'shop-queue'],
    ['worker', 'shop-queue'],
  ] as const
  for (const [service, dependency] of pairs)
    expect(
      (times.get(service)?.gateEnded ?? 0) + 1_000,
      `the gate of ${service} ended after ${dependency} was ready`,
    ).toBeGreaterThanOrEqual(times.get(dependency)?.readyAt ?? Number.POSITIVE_INFINITY)
  process.stdout.write(
    `after a power cut of both nodes: ready again ${Math.round((Math.max(...[...times.values()].map((time) => time.readyAt)) - cut) / 1000)} s after the cut\n`,
  )
})
