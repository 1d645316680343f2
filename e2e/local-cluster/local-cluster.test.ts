import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import {
  type Cluster,
  clusterDown,
  clusterStatus,
  clusterUp,
  defaultOptions,
  nodePowerOff,
  nodePowerOn,
  provideImages,
} from '@landfall/local-cluster'
import { eventually, type Json, type Namespace, namespaceOf } from '@landfall/testkit'
import { afterAll, beforeAll, expect, onTestFailed, test } from 'vitest'
import { kernelSettings, tracesOf } from './traces.ts'

// Under /tmp, which the nodes have of their own: what the cluster keeps there must be seen by them all the same.
const stateDirectory = mkdtempSync(join(tmpdir(), 'landfall-clusters-'))
const options = { ...defaultOptions(process.env), name: 'selftest', nodes: 2, stateDirectory }
const quiet = () => {}
const settingsBefore = kernelSettings()
let cluster: Cluster
let namespace: Namespace

/** The third number of the cluster's addresses tells its slot. */
const idOf = ({ registry }: Cluster) => `landfall${registry.split('.')[2]}`
const processRecords = () => {
  const directory = join(stateDirectory, options.name, 'run/processes')
  const read = (name: string) => JSON.parse(readFileSync(join(directory, name), 'utf8')) as Json
  return Object.fromEntries(readdirSync(directory).map((name) => [name, read(name).pid]))
}

beforeAll(async () => {
  cluster = await clusterUp(options, quiet)
  namespace = namespaceOf(cluster, 'default')
})
afterAll(async () => {
  await clusterDown(options, { volumes: true }, quiet)
  rmSync(stateDirectory, { recursive: true, force: true })
})

/** What a web server has written into its volume: a line for each of its starts. */
async function startsOf(web: string): Promise<number> {
  const text = await namespace.kubectl(['exec', `${web}-0`, '--', 'cat', '/data/starts'])
  return text.trim().split('\n').length
}

async function bothReady(): Promise<void> {
  const pods = await namespace.list('pods')
  const ready = pods.filter((pod) =>
    pod.status.conditions?.some((is: Json) => is.type === 'Ready' && is.status === 'True'),
  )
  if (ready.length !== 2) throw new Error(`${ready.length} of 2 pods are ready`)
}

async function atNodePort(): Promise<string[]> {
  const service = await namespace.get('service', 'web')
  const port = service.spec.ports[0].nodePort as number
  return Promise.all(
    cluster.nodes.map(async ({ address }) => {
      const answer = await fetch(`http://${address}:${port}/starts`, {
        signal: AbortSignal.timeout(3000),
      })
      return (await answer.text()).split('\n')[0] ?? ''
    }),
  )
}

test('pods pull an image by its short name, write to their claims as users, and their volumes belong to their nodes', async () => {
  onTestFailed(() => namespace.keepArtifacts(), 120_000)
  const sources = await provideImages(cluster, options, ['busybox:1.35.0-musl'], quiet)
  expect(sources).toMatchObject([{ image: 'busybox:1.35.0-musl' }])
  const manifest = readFileSync(new URL('one-web-a-node.yaml', import.meta.url), 'utf8')
  await namespace.kubectl(['apply', '-f', '-'], manifest)
  await eventually(300_000, bothReady)
  const events = await namespace.kubectl(['get', 'events', '--field-selector=reason=Pulled'])
  expect(events).toContain('Successfully pulled image "busybox:1.35.0-musl"')

  const volumes = await namespace.list('pv')
  const places = volumes.map(({ spec, metadata }) => ({
    claim: spec.claimRef.name as string,
    node: spec.nodeAffinity.required.nodeSelectorTerms[0].matchExpressions[0].values[0] as string,
    path: join(spec.local.path as string),
    name: metadata.name as string,
  }))
  expect(places.map(({ claim, node }) => `${claim} ${node}`).sort()).toEqual([
    'data-web-1-0 node-1',
    'data-web-2-0 node-2',
  ])
  for (const { claim, node, path } of places) {
    const onHost = join(stateDirectory, options.name, 'nodes', node, 'disk', path, 'starts')
    expect(readFileSync(onHost, 'utf8').trim()).toBe(claim.replace('data-', ''))
  }
})

test('logs and exec work, names resolve, and pods reach each other across nodes', async () => {
  expect(await namespace.kubectl(['logs', 'web-2-0'])).toBe('web-2-0\n')
  const ask = (url: string) =>
    namespace.kubectl(['exec', 'web-1-0', '--', 'timeout', '5', 'wget', '-q', '-O-', url])
  expect(await ask('http://web-2/starts')).toBe('web-2-0\n')
  const pod = await namespace.get('pod', 'web-2-0')
  expect(await ask(`http://${pod.status.podIP}:8080/starts`)).toBe('web-2-0\n')
})

test('the address of no Service is answered by nobody, also outside of the machine', async () => {
  const asked = 'timeout 3 wget -q -O- http://10.96.255.254/; echo "code $?"'
  // ended by SIGTERM
  expect(await namespace.kubectl(['exec', 'web-1-0', '--', 'sh', '-c', asked])).toBe('code 143\n')
})

test('a connection that is made before its Service exists reaches it when it does', async () => {
  const asked = namespace.kubectl([
    ...['exec', 'web-1-0', '--', 'timeout', '20'],
    ...['wget', '-q', '-O-', 'http://10.96.255.253/starts'],
  ])
  // the first packet is sent, and dropped
  await pause(1_500)
  const late = {
    ...{ apiVersion: 'v1', kind: 'Service', metadata: { name: 'late' } },
    spec: {
      clusterIP: '10.96.255.253',
      selector: { app: 'web', number: '2' },
      ports: [{ port: 80, targetPort: 8080 }],
    },
  }
  await namespace.kubectl(['apply', '-f', '-'], JSON.stringify(late))
  expect(await asked).toBe('web-2-0\n')
})

test('a published port answers at the address of every node', async () => {
  for (const answer of await atNodePort()) expect(['web-1-0', 'web-2-0']).toContain(answer)
})

test('up of a running cluster changes nothing', async () => {
  const before = processRecords()
  expect(await clusterUp(options, quiet)).toEqual(cluster)
  expect(processRecords()).toEqual(before)
  expect(await clusterStatus(options)).toMatchObject({ state: 'running' })
})

test('a node whose power is cut is missed, and comes back with its volume', async () => {
  onTestFailed(() => namespace.keepArtifacts(), 120_000)
  const [first, second] = [await startsOf('web-1'), await startsOf('web-2')]
  // the other node would not find the host for seconds if its address changed
  const ethernet = () => readFileSync(`/sys/class/net/${idOf(cluster)}/address`, 'utf8').trim()
  const before = ethernet()
  expect(before).toMatch(/^02:6c:66:/)
  await nodePowerOff(options, 'node-2')
  await expect(clusterStatus(options)).resolves.toMatchObject({ state: 'degraded' })
  await eventually(300_000, async () => {
    const { status } = await namespace.get('node', 'node-2')
    expect(status.conditions.find((is: Json) => is.type === 'Ready').status).toBe('Unknown')
  })
  expect(ethernet()).toBe(before)
  await nodePowerOn(options, 'node-2')
  expect(ethernet()).toBe(before)
  await eventually(300_000, async () => expect(await startsOf('web-2')).toBe(second + 1))
  expect(await startsOf('web-1')).toBe(first)
})

test('after a crash of everything, up brings back the objects, the pods and their volumes', async () => {
  onTestFailed(() => namespace.keepArtifacts(), 120_000)
  const starts = await startsOf('web-1')
  for (const pid of Object.values(processRecords())) process.kill(pid, 'SIGKILL')
  await eventually(300_000, async () =>
    expect(await clusterStatus(options)).toMatchObject({ state: 'stopped' }),
  )
  await clusterUp(options, quiet)
  await eventually(300_000, async () => expect(await startsOf('web-1')).toBe(starts + 1))
  await eventually(300_000, bothReady)
})

test('two clusters live side by side, and the end of one leaves the other alone', async () => {
  const otherOptions = { ...options, name: 'selftest-2', nodes: 1 }
  const other = await clusterUp(otherOptions, quiet)
  try {
    expect(idOf(other)).not.toBe(idOf(cluster))
    expect(await namespaceOf(other, 'default').list('pv')).toEqual([])
  } finally {
    await clusterDown(otherOptions, { volumes: true }, quiet)
  }
  expect(existsSync(join(stateDirectory, 'selftest-2'))).toBe(false)
  expect(await clusterStatus(options)).toMatchObject({ state: 'running' })
  expect((await atNodePort()).length).toBe(2)
})

test('down leaves nothing on the machine, and up starts again where it ended', async () => {
  onTestFailed(() => namespace.keepArtifacts(), 120_000)
  const [first, second] = [await startsOf('web-1'), await startsOf('web-2')]
  const traces = () => tracesOf(idOf(cluster), stateDirectory, options.cacheDirectory)
  expect((await traces()).length).toBeGreaterThan(10)
  for (const _ of [1, 2]) {
    await clusterDown(options, { volumes: false }, quiet)
    expect(await traces()).toEqual([])
    await clusterUp(options, quiet)
  }
  await eventually(300_000, async () => {
    expect(await startsOf('web-1')).toBeGreaterThan(first)
    expect(await startsOf('web-2')).toBeGreaterThan(second)
    await bothReady()
  })
  await clusterDown(options, { volumes: true }, quiet)
  expect(await traces()).toEqual([])
  expect(existsSync(join(stateDirectory, options.name))).toBe(false)
  const settings = kernelSettings()
  if (settings !== undefined && settingsBefore !== undefined)
    expect(settings).toEqual(settingsBefore)
})
