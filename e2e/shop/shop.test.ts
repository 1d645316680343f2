import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import {
  addressIn,
  allReady,
  eventually,
  findOrder,
  type Json,
  keepOnFailure,
  landfallOnCluster,
  placeOrder,
  repository,
  testNamespace,
} from '@landfall/testkit'
import { afterAll, describe, expect, test } from 'vitest'

const namespace = testNamespace('e2e-shop')
const project = await mkdtemp(`${tmpdir()}/landfall-shop-`)
await cp(`${repository}examples/shop`, project, { recursive: true })
afterAll(() => rm(project, { recursive: true, force: true }))

/** The copy keeps the example's name, so that its objects and images are those of the example. */
const shop = [project, '-p', 'shop']
const rounds = Number(process.env.LANDFALL_KILL_ROUNDS ?? 1)

let address = ''
let order = ''

async function podIdentities(): Promise<string[]> {
  return (await namespace.list('pods'))
    .map((pod) => `${pod.metadata.uid} restarts ${restarts(pod)}`)
    .sort()
}

function restarts(pod: Json): number {
  return (pod.status.containerStatuses ?? []).reduce(
    (sum: number, container: Json) => sum + container.restartCount,
    0,
  )
}

/** What a power cut looks like to the pods: none of them has time to say good-bye. */
async function deleteAllPods(): Promise<void> {
  await namespace.kubectl(['delete', 'pods', '--all', '--force', '--grace-period=0'])
}

/** What waits for what in examples/shop: the gates whose times are compared. */
const waitsFor: Record<string, string[]> = {
  front: ['api', 'catalog'],
  api: ['shop-queue', 'catalog'],
  worker: ['shop-queue'],
  catalog: ['cache'],
}

/** Every gate that ended before the pod of its dependency was ready, from the times (whole seconds) that the kubelet wrote down. */
async function earlyGates(): Promise<string[]> {
  const readyAt = new Map<string, number>()
  const gateEnded = new Map<string, number>()
  for (const pod of await namespace.list('pods')) {
    const service = pod.metadata.labels['app.kubernetes.io/name']
    const ready = pod.status.conditions?.find(
      (condition: Json) => condition.type === 'Ready' && condition.status === 'True',
    )
    if (ready !== undefined) readyAt.set(service, Date.parse(ready.lastTransitionTime))
    const gate = pod.status.initContainerStatuses?.find((status: Json) =>
      status.name.startsWith('wait-for-'),
    )
    if (gate?.state.terminated !== undefined)
      gateEnded.set(service, Date.parse(gate.state.terminated.finishedAt))
  }
  return Object.entries(waitsFor).flatMap(([service, dependencies]) =>
    dependencies
      .filter((name) => (gateEnded.get(service) ?? 0) < (readyAt.get(name) ?? 0) - 1_000)
      .map((name) => `${service} before ${name}`),
  )
}

describe('the shop on a real cluster', () => {
  test('`landfall up` ends ready and prints an address at which an order goes through the queue into the database', async () => {
    keepOnFailure(namespace)
    const { stdout, stderr, ms } = await landfallOnCluster(namespace, 'up', shop)
    process.stdout.write(`${stderr}${stdout}`)
    await allReady(namespace)
    address = addressIn(stdout)
    order = await placeOrder(address, 'kettle', 2)
    const found = await findOrder(address, order)
    expect(found).toMatchObject({ product: 'kettle', quantity: 2 })
    process.stdout.write(`landfall up: ${(ms / 1000).toFixed(1)} s; order ${order} found\n`)
  })

  test('`landfall up` again with nothing changed restarts no pod and runs no Job', async () => {
    keepOnFailure(namespace)
    const before = await podIdentities()
    await landfallOnCluster(namespace, 'up', shop)
    expect(await podIdentities()).toEqual(before)
    expect(await namespace.list('jobs')).toHaveLength(1)
    await landfallOnCluster(namespace, 'diff', shop)
  })

  test('a changed migration runs once and no other pod is touched', async () => {
    keepOnFailure(namespace)
    const before = await podIdentities()
    await writeFile(
      `${project}/db/migrations/004-saucer.sql`,
      "insert into products (id, name, price) values ('saucer', 'Saucer', 390);\n",
    )
    await landfallOnCluster(namespace, 'up', shop)
    const after = await podIdentities()
    expect(before.filter((pod) => !after.includes(pod))).toEqual([])
    expect(after).toHaveLength(before.length + 1)
    const jobs = await namespace.list('jobs')
    expect(jobs.map((job) => job.status.succeeded)).toEqual([1, 1])
    await landfallOnCluster(namespace, 'up', shop)
    expect(await namespace.list('jobs')).toHaveLength(2)
    expect(await findOrder(address, await placeOrder(address, 'saucer', 1))).toMatchObject({
      product: 'saucer',
    })
  })

  test(`all pods deleted at once, ${rounds} times: ready again unattended, the order still there`, async () => {
    keepOnFailure(namespace)
    const early: string[] = []
    const times: number[] = []
    for (let round = 1; round <= rounds; round++) {
      const started = performance.now()
      await deleteAllPods()
      await eventually(480_000, () => allReady(namespace), 1000)
      times.push((performance.now() - started) / 1000)
      early.push(...(await earlyGates()).map((gate) => `round ${round}: ${gate}`))
      expect(await findOrder(address, order, 300_000)).toMatchObject({
        product: 'kettle',
        quantity: 2,
      })
    }
    await findOrder(address, await placeOrder(address, 'teapot', 1), 300_000)
    process.stdout.write(
      `all pods deleted ${rounds} times: ready again after ${Math.min(...times).toFixed(1)} to ${Math.max(...times).toFixed(1)} s; ` +
        `gates that opened before their dependency was ready again: ${early.length}${early.length === 0 ? '' : ` (${early.join('; ')})`}\n`,
    )
  }, 3_600_000)

  test('`landfall status` and `logs` tell about every service', async () => {
    keepOnFailure(namespace)
    const status = await landfallOnCluster(namespace, 'status', shop)
    const logs = await landfallOnCluster(namespace, 'logs', [...shop, '--tail', '5'])
    for (const deployment of await namespace.list('deployments')) {
      const service = deployment.metadata.labels['app.kubernetes.io/name']
      expect(status.stdout).toContain(service)
      expect(logs.stdout).toContain(service)
    }
  })

  test('`landfall down` removes what `up` made and nothing else; the volumes stay until `--volumes`', async () => {
    keepOnFailure(namespace)
    await namespace.kubectl(['create', 'configmap', 'not-ours', '--from-literal=a=b'])
    const claims = (await namespace.list('pvc')).map((claim) => claim.metadata.name)
    expect(claims.length).toBeGreaterThan(0)
    await landfallOnCluster(namespace, 'down', shop)
    const left = (
      await namespace.kubectl([
        'get',
        'deploy,job,pod,svc,cm,secret,sa,role,rolebinding',
        '-o',
        'name',
      ])
    )
      .split('\n')
      .filter((name) => name !== '')
    expect(left.sort()).toEqual([
      'configmap/kube-root-ca.crt',
      'configmap/not-ours',
      'serviceaccount/default',
    ])
    expect((await namespace.list('pvc')).map((claim) => claim.metadata.name)).toEqual(claims)

    const again = await landfallOnCluster(namespace, 'up', shop)
    expect(await findOrder(addressIn(again.stdout), order)).toMatchObject({ product: 'kettle' })

    await landfallOnCluster(namespace, 'down', [...shop, '--volumes'])
    expect(await namespace.list('pvc')).toEqual([])
    expect(await namespace.kubectl(['get', 'configmap', 'not-ours', '-o', 'name'])).toContain(
      'not-ours',
    )
  })

  test('all pods deleted at once while the migration runs: ready unattended', async () => {
    keepOnFailure(namespace)
    // RabbitMQ waits for ever for tables that it was making when it was killed in its very first start
    await landfallOnCluster(namespace, 'up', shop)
    await writeFile(`${project}/db/migrations/005-slow.sql`, 'select pg_sleep(5);\n')
    // What `up` says of a project whose pods are taken away under it is not asked here.
    const up = landfallOnCluster(namespace, 'up', shop).catch((error: Error) => error)
    const migration = 'app.kubernetes.io/name=migrate'
    await eventually(300_000, async () => {
      const phases = (await namespace.list('pods', migration)).map(({ status }) => status.phase)
      expect(phases).toContain('Running')
    })
    await deleteAllPods()
    await up
    await eventually(480_000, () => allReady(namespace), 1000)
    const published = await namespace.get('service', 'front-published')
    const [node] = namespace.cluster.nodes
    const front = `http://${node?.address}:${published.spec.ports[0].nodePort}`
    expect(await findOrder(front, await placeOrder(front, 'cup', 6))).toMatchObject({
      product: 'cup',
      quantity: 6,
    })
  })
})
