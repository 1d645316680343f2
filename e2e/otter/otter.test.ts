import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defaultOptions, nodePowerOff, nodePowerOn } from '@landfall/local-cluster'
import {
  eventually,
  type Json,
  keepOnFailure,
  landfallOnCluster,
  podReady,
  repository,
  sharedCluster,
  testNamespace,
} from '@landfall/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeTarballs, SCHEMA, whyNot } from './tarballs.ts'

// examples/otter with two tarballs that behave as Otter's, a real ZooKeeper and a real MariaDB.

const missing = whyNot()
const namespace = testNamespace('e2e-otter')
const project = mkdtempSync(join(tmpdir(), 'landfall-otter-'))
afterAll(() => rmSync(project, { recursive: true, force: true }))

const PORT = 31_980

/** Minutes of waiting until the cluster has noticed: in `npm run soak`. */
const losesNode = process.env.LANDFALL_NODE_LOSS !== undefined
/** Nodes of the cluster. */
const [KEPT, LOST] = ['node-1', 'node-2'] as const
let manager = ''

/** The example with the address of this cluster, a Java that it has, and less memory. */
function writeProject(host: string): void {
  cpSync(`${repository}examples/otter/compose.yaml`, join(project, 'compose.yaml'))
  const settings = readFileSync(`${repository}examples/otter/landfall.yaml`, 'utf8')
    .replaceAll('java: 8', 'java: 17')
    .replaceAll('30080', String(PORT))
    .replaceAll('memory: 1Gi', 'memory: 320Mi')
    .replace('    packages: [aria2]\n', '')
    .replace('otter.example.com', host)
  writeFileSync(join(project, 'landfall.yaml'), settings)
  writeFileSync(join(project, 'otter-manager-schema.sql'), SCHEMA)
}

async function page(path = '/node_list.htm'): Promise<{ status: number; text: string }> {
  const response = await fetch(`${manager}${path}`, { signal: AbortSignal.timeout(10_000) })
  return { status: response.status, text: await response.text() }
}

/** What ZooKeeper has of the nodes. */
async function leases(): Promise<string> {
  const command = ['/usr/share/zookeeper/bin/zkCli.sh', 'zkCli.sh']
  const list = command.map((one) => `${one} -server localhost:2181 ls /otter/node`).join(' || ')
  const shell = [
    'exec',
    'deployment/zk',
    '--',
    'sh',
    '-c',
    `{ ${list}; } 2>/dev/null | grep '^\\['`,
  ]
  return (await namespace.kubectl(shell)).trim()
}

/** Each node has its lease, and the manager reaches it at two ports. */
async function started(...numbers: number[]): Promise<void> {
  await eventually(180_000, async () => {
    expect(await page()).toEqual({
      status: 200,
      text: numbers.map((number) => `${number} started reached\n`).join(''),
    })
  })
}

const copies = () => namespace.list('pods', 'app.kubernetes.io/name=node')

async function node(number: number): Promise<Json> {
  return namespace.get('pod', `node-${number}`)
}

describe.skipIf(missing !== undefined)(`Otter (needs ${missing ?? 'nothing more'})`, () => {
  beforeAll(async () => {
    const nodes = JSON.parse(await namespace.kubectl(['get', 'nodes', '-o', 'json'])).items
    const addresses: { type: string; address: string }[] = nodes[0].status.addresses
    const host = addresses.find(({ type }) => type === 'InternalIP')?.address ?? '127.0.0.1'
    manager = `http://${host}:${PORT}`
    makeTarballs(project)
    writeProject(host)
    // servers with claims stay where they are: not on the node that is lost later
    if (losesNode) await namespace.kubectl(['cordon', LOST])
    await landfallOnCluster(namespace, 'up', [project])
  })

  test('the manager answers outside, also after a redirect to its own address', async () => {
    keepOnFailure(namespace)
    expect((await page('/')).text).toContain('1 started')
    expect((await page('/monitor/ok.htm')).text).toBe('server is ok!')
  })

  test('both nodes have their leases, and the manager reaches them by their names', async () => {
    keepOnFailure(namespace)
    await started(1, 2)
    expect(await leases()).toBe('[1, 2]')
  })

  test('the log of each program is that of its pod', async () => {
    keepOnFailure(namespace)
    expect(await namespace.kubectl(['logs', 'node-2'])).toContain('the otter node 2 is started')
    expect(await namespace.kubectl(['logs', 'deployment/manager'])).toContain(
      'start the manager server',
    )
  })

  test('SIGTERM ends a node in less than 10 seconds, by itself, and its lease is gone at once', async () => {
    keepOnFailure(namespace)
    const ended = async () => (await node(2)).status.containerStatuses[0].lastState.terminated
    expect(await ended()).toBeUndefined()
    const before = Date.now()
    await namespace.kubectl(['exec', 'node-2', '--', 'sh', '-c', 'kill -TERM 1'])
    await eventually(60_000, async () => expect(await ended()).toBeDefined())
    const { exitCode, finishedAt } = await ended()
    // 128 + 15: it was not killed
    expect(exitCode).toBe(143)
    expect(Date.parse(finishedAt) - before).toBeLessThan(10_000)
    expect(await namespace.kubectl(['logs', 'node-2', '--previous'])).toContain(
      'stop the otter node 2',
    )
    await started(1, 2)
  })

  test('a node that is deleted, also by force, comes back with its number', async () => {
    keepOnFailure(namespace)
    await namespace.kubectl(['delete', 'pod', 'node-1'])
    await started(1, 2)
    const { uid } = (await node(1)).metadata
    await namespace.kubectl(['delete', 'pod', 'node-1', '--force', '--grace-period=0'])
    await eventually(60_000, async () => expect((await node(1)).metadata.uid).not.toBe(uid))
    await started(1, 2)
    await eventually(60_000, async () => expect(podReady(await node(1))).toBe(true))
  })

  test('a third node is one number', async () => {
    keepOnFailure(namespace)
    await landfallOnCluster(namespace, 'scale', ['node=3', '-p', 'otter'])
    await started(1, 2, 3)
  })

  test('ZooKeeper that comes back finds everything', async () => {
    keepOnFailure(namespace)
    const uids = async () => (await copies()).map(({ metadata }) => metadata.uid)
    const before = await uids()
    await namespace.kubectl(['delete', 'pod', '-l', 'app.kubernetes.io/name=zk'])
    // restartsWith: one after the other
    await eventually(300_000, async () => {
      const now = await uids()
      expect(now.filter((uid) => before.includes(uid))).toEqual([])
      expect((await copies()).filter(podReady)).toHaveLength(3)
    })
    await started(1, 2, 3)
    await eventually(120_000, async () => expect(await leases()).toBe('[1, 2, 3]'))
  })

  test.skipIf(!losesNode)(
    'the power of a node is lost: its copy leaves ZooKeeper, has no second one, and comes back with its number',
    async () => {
      keepOnFailure(namespace)
      const options = { ...defaultOptions(process.env), name: sharedCluster().name }
      await namespace.kubectl(['uncordon', LOST])
      await namespace.kubectl(['cordon', KEPT])
      await namespace.kubectl(['delete', 'pod', 'node-2'])
      await eventually(60_000, async () => expect((await node(2)).spec.nodeName).toBe(LOST))
      await namespace.kubectl(['uncordon', KEPT])
      await namespace.kubectl(['cordon', LOST])
      // what restarts with ZooKeeper may have come there meanwhile
      await eventually(180_000, async () => {
        const there = (await namespace.list('pods')).filter(
          ({ metadata, spec }) => spec.nodeName === LOST && metadata.name !== 'node-2',
        )
        for (const { metadata } of there)
          await namespace.kubectl(['delete', 'pod', metadata.name, '--wait=false'])
        expect(there.map(({ metadata }) => metadata.name)).toEqual([])
      })
      await started(1, 2, 3)
      expect(await leases()).toBe('[1, 2, 3]')
      const { uid } = (await node(2)).metadata
      const seen: string[] = []
      const look = async (): Promise<void> => {
        const pods = await copies()
        seen.push(...pods.map(({ metadata }) => `${metadata.name} ${metadata.uid}`))
        expect(pods.filter(({ metadata }) => metadata.name === 'node-2')).toHaveLength(1)
      }
      await nodePowerOff(options, LOST)
      await namespace.kubectl(['uncordon', LOST])
      try {
        await eventually(240_000, async () => expect(await leases()).toBe('[1, 3]'))
        await eventually(400_000, async () => {
          await look()
          expect((await node(2)).metadata.deletionTimestamp).toBeDefined()
        })
        // no other pod has its number, until someone confirms that the first one has ended
        expect((await node(2)).metadata.uid).toBe(uid)
        expect(await leases()).toBe('[1, 3]')
        await namespace.kubectl(['delete', 'pod', 'node-2', '--force', '--grace-period=0'])
        await started(1, 2, 3)
        expect((await node(2)).spec.nodeName).toBe(KEPT)
      } finally {
        await nodePowerOn(options, LOST)
      }
      await eventually(300_000, async () => {
        const ready = [
          'get',
          'node',
          LOST,
          '-o',
          'jsonpath={.status.conditions[?(@.type=="Ready")].status}',
        ]
        expect(await namespace.kubectl(ready)).toBe('True')
      })
      await started(1, 2, 3)
      expect(await leases()).toBe('[1, 2, 3]')
      expect(await namespace.kubectl(['logs', 'node-2'])).not.toContain('NodeExists')
      // the pods that were not on it stayed, and number 2 was one pod at a time
      const ofTwo = new Set(seen.filter((pod) => pod.startsWith('node-2 ')))
      expect([...ofTwo]).toEqual([`node-2 ${uid}`])
    },
  )
})
