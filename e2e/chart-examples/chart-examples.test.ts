import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { fileURLToPath } from 'node:url'
import { defaultOptions, registryWriter } from '@landfall/local-cluster'
import {
  allReady,
  eventually,
  findOrder,
  keepOnFailure,
  landfall,
  landfallOnCluster,
  type Namespace,
  pages,
  placeOrder,
  repository,
  sharedCluster,
  testNamespace,
} from '@landfall/testkit'
import { afterAll, describe, expect, test } from 'vitest'
import { hasHelm, helmIn, nodePortAddress } from '../chart/helm.ts'

// The charts of the examples from install to uninstall with the real helm, with requests while they change.

const scratch = await mkdtemp(`${tmpdir()}/landfall-charts-`)
afterAll(() => rm(scratch, { recursive: true, force: true }))

const writer = registryWriter({ ...defaultOptions(process.env), name: sharedCluster().name })
const login = ['--plain-http', '--registry-config', writer.dockerLogin]

interface Example {
  name: string
  project: string[]
  up: string[]
  /** Values that the chart does not hold. */
  secrets: Record<string, unknown>
  /** A value, and one that is as good. */
  change: string
  /** Of the published port of what is requested. */
  port: number
  path: string
  answer: RegExp
  /** What `helm test` prints. */
  tests?: RegExp
  /** What works when it is ready. */
  works(address: string): Promise<void>
}

const edgex = `${repository}examples/edgex`
const edgexFiles = [
  ...['-f', `${edgex}/compose.yaml`],
  ...['-f', fileURLToPath(new URL('../edgex/other-broker.yaml', import.meta.url))],
]

const examples: Example[] = [
  {
    name: 'shop',
    project: [`${repository}examples/shop`],
    up: [],
    secrets: {
      secrets: {
        AMQP_URL: 'amqp://shop:hop-hop@shop-mq:5672',
        POSTGRES_PASSWORD: 'mind-the-step',
        RABBITMQ_DEFAULT_PASS: 'hop-hop',
      },
    },
    change: 'services.catalog.environment.CACHE_URL=redis://cache:6379/1',
    port: 80,
    path: '/api/products',
    answer: /kettle/,
    tests: /pages holds/,
    async works(address) {
      const order = await placeOrder(address, 'kettle', 2)
      expect(await findOrder(address, order)).toMatchObject({ product: 'kettle', quantity: 2 })
    },
  },
  {
    name: 'edgex',
    project: edgexFiles,
    up: ['--stand-ins', `${edgex}/stand-ins`],
    secrets: {},
    change:
      'services.mqtt-export.environment.Writable_Pipeline_Functions_MQTTSend_Addressable_Topic=readings',
    port: 48080,
    path: '/api/v1/ping',
    answer: /pong/,
    async works(address) {
      const count = async () => Number(await (await fetch(`${address}/api/v1/event/count`)).text())
      const before = await count()
      await eventually(120_000, async () => expect(await count()).toBeGreaterThan(before))
    },
  },
]

/** EdgeX takes minutes on two cores: `LANDFALL_ALL_CHARTS`. */
const isRun = ({ name }: Example): boolean =>
  hasHelm && (name === 'shop' || process.env.LANDFALL_ALL_CHARTS !== undefined)

describe.each(examples.filter(isRun))('the chart of $name', (example) => {
  const namespace = testNamespace(`e2e-chart-${example.name}`)
  const chart = `${scratch}/${example.name}`
  const values = `${scratch}/${example.name}-values.yaml`
  const helm = (...args: string[]) => helmIn(namespace, ...args)
  const wait = ['--wait', '--timeout', '10m']
  let address = ''

  test('is pushed to a registry, installed from it, and works', async () => {
    keepOnFailure(namespace)
    const images = await imagesByUp(example)
    const { code, stderr } = await landfall([
      ...['convert', ...example.project, '--format', 'helm', '-o', chart],
    ])
    expect(code, stderr).toBe(0)
    await writeFile(values, JSON.stringify({ ...example.secrets, services: images }))
    await helm('package', chart, '--destination', scratch)
    const repository = `oci://${writer.registry}/charts`
    await helm('push', `${scratch}/${example.name}-0.1.0.tgz`, repository, ...login)
    const pushed = `${repository}/${example.name}`
    await helm('install', 'one', pushed, '-f', values, '--create-namespace', ...login, ...wait)
    await eventually(300_000, () => allReady(namespace))
    address = await nodePortAddress(namespace, example.port)
    await example.works(address)
    if (example.tests !== undefined)
      expect(await helm('test', 'one', '--logs')).toMatch(example.tests)
  })

  test('is upgraded and rolled back: all requests are answered', async () => {
    keepOnFailure(namespace)
    const before = await templates(namespace)
    const loop = pages(`${address}${example.path}`)
    await helm('upgrade', 'one', chart, '-f', values, '--set', example.change, ...wait)
    await settled(namespace)
    const changed = await templates(namespace)
    await helm('rollback', 'one', '1', ...wait)
    await settled(namespace)
    const answers = [...(await loop.end()).keys()]
    expect(answers.length).toBeGreaterThan(0)
    expect(answers.filter((answer) => !example.answer.test(answer))).toEqual([])
    expect(before.filter((one) => !changed.includes(one))).toHaveLength(1)
    expect(await templates(namespace)).toEqual(before)
    await example.works(address)
  })

  test('is uninstalled, and leaves its claims alone', async () => {
    keepOnFailure(namespace)
    await helm('uninstall', 'one', ...wait)
    // Helm leaves pods of tests alone
    const ofRelease = (kind: string) => namespace.list(kind, 'app.kubernetes.io/instance')
    await eventually(120_000, async () => {
      for (const kind of ['deployments', 'jobs', 'pods', 'services', 'secrets', 'configmaps'])
        expect(await ofRelease(kind)).toEqual([])
    })
    expect((await ofRelease('persistentvolumeclaims')).length).toBeGreaterThan(0)
  })
})

/** The images that the cluster got from `landfall up`, as values of services whose images the project builds. */
async function imagesByUp({ name, project, up }: Example): Promise<Record<string, object>> {
  const namespace = testNamespace(`e2e-chart-${name}-up`)
  await landfallOnCluster(namespace, 'up', [...project, ...up])
  const workloads = await namespace.list('deployments,jobs')
  await landfallOnCluster(namespace, 'down', ['-p', name, '--volumes'])
  return Object.fromEntries(
    workloads.flatMap(({ metadata, spec }) => {
      const service = metadata.annotations['landfall.dev/service']
      const { image } = spec.template.spec.containers[0]
      const [repository, digest = ''] = image.split('@')
      return digest === '' || service === undefined
        ? []
        : [[service, { image: { repository, digest, tag: '' } }]]
    }),
  )
}

/** The templates of Deployments. */
async function templates(namespace: Namespace): Promise<string[]> {
  const all = await namespace.list('deployments')
  return all.map(({ metadata, spec }) => `${metadata.name} ${JSON.stringify(spec.template.spec)}`)
}

/** Waits for the end of all rollouts: Helm waits for new pods, not for the end of the old ones. */
async function settled(namespace: Namespace): Promise<void> {
  for (const { metadata } of await namespace.list('deployments'))
    await namespace.kubectl([
      ...['rollout', 'status', `deployment/${metadata.name}`, '--timeout=10m'],
    ])
}
