import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { fileURLToPath } from 'node:url'
import {
  addressIn,
  allReady,
  eventually,
  keepOnFailure,
  landfallOnCluster,
  type Namespace,
  testNamespace,
} from '@landfall/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'

// Names reach a program whatever its health, on every port: each project would never become ready otherwise.

const names = [
  'deaf',
  'early',
  'own-names',
  'peers',
  'redis-cluster',
  'replaced',
  'zookeeper',
] as const
type Name = (typeof names)[number]

const namespaces = Object.fromEntries(
  names.map((name) => [name, testNamespace(`e2e-reach-${name}`)]),
) as Record<Name, Namespace>
const printed = new Map<Name, string>()
const projects = await mkdtemp(`${tmpdir()}/landfall-reach-`)
afterAll(() => rm(projects, { recursive: true, force: true }))

beforeAll(async () => {
  await cp(fileURLToPath(new URL('.', import.meta.url)), projects, { recursive: true })
  await Promise.all(
    names.map(async (name) => {
      const { stdout } = await landfallOnCluster(namespaces[name], 'up', [`${projects}/${name}`])
      printed.set(name, stdout)
    }),
  )
})

async function inside(project: Name, service: string, script: string): Promise<string> {
  const namespace = namespaces[project]
  keepOnFailure(namespace)
  const command = ['exec', `deployment/${service}`, '-c', service, '--', 'sh', '-c', script]
  return (await namespace.kubectl(command)).trim()
}

test('every project is ready', async () => {
  for (const name of names) await allReady(namespaces[name])
})

test('each name of a program leads to its own pod', async () => {
  const addresses = await inside(
    'own-names',
    'storage',
    `python3 -c "import socket
for name in ['storage', 'cloud-storage', 'files']: print(socket.gethostbyname(name))"`,
  )
  const [pod] = await namespaces['own-names'].list('pods', 'app.kubernetes.io/name=storage')
  expect(addresses.split('\n')).toEqual(Array.from({ length: 3 }, () => pod.status.podIP))
})

test('each copy is itself by the name of its service, others are balanced over all', async () => {
  const namespace = namespaces['own-names']
  keepOnFailure(namespace)
  const pods = await namespace.list('pods', 'app.kubernetes.io/name=copies')
  expect(pods).toHaveLength(2)
  for (const { metadata, status } of pods) {
    const lookup = ['python3', '-c', 'import socket; print(socket.gethostbyname("copies"))']
    const address = await namespace.kubectl([
      'exec',
      metadata.name,
      '-c',
      'copies',
      '--',
      ...lookup,
    ])
    expect(address.trim()).toBe(status.podIP)
  }
  const { spec } = await namespace.get('service', 'copies')
  expect(await inside('own-names', 'app', 'nslookup copies 2>&1 || true')).toContain(spec.clusterIP)
})

test('a health test asks an address that only the container itself has', async () => {
  const namespace = namespaces['own-names']
  const [pod] = await namespace.list('pods', 'app.kubernetes.io/name=inside')
  expect(pod.status.containerStatuses[0].ready).toBe(true)
  expect(await inside('own-names', 'app', 'nc -w 2 inside 9000 </dev/null || echo closed')).toBe(
    'closed',
  )
})

test('a service is reached by the one whose work makes it healthy', async () => {
  expect(await inside('early', 'app', 'cat /tmp/primary')).toBe('yes')
})

test('what a gate has asked is what the program reaches', async () => {
  expect(await inside('deaf', 'master', 'cat /tmp/heard')).toBe('OK')
})

test('members of a cluster reach each other on ports that stand nowhere', async () => {
  await eventually(300_000, async () =>
    expect(await namespaces.peers.kubectl(['logs', 'deployment/member2'])).toContain('joined'),
  )
  const redis = 'redis-cli -c -h node-1 set key value; redis-cli -c -h node-3 get key'
  expect(await inside('redis-cluster', 'app', redis)).toBe('OK\nvalue')
})

test('three ZooKeepers that are healthy only together have a leader', async () => {
  const modes = await Promise.all(
    ['zoo1', 'zoo2', 'zoo3'].map((zoo) => inside('zookeeper', zoo, 'zkServer.sh status 2>&1')),
  )
  expect(modes.filter((mode) => mode.includes('leader'))).toHaveLength(1)
  expect(modes.filter((mode) => mode.includes('follower'))).toHaveLength(2)
})

test('a program that resolves a name once reaches the pod that replaces another', async () => {
  keepOnFailure(namespaces.replaced)
  const address = addressIn(printed.get('replaced') ?? '')
  expect((await fetch(address)).status).toBe(200)
  await namespaces.replaced.kubectl(['delete', 'pod', '-l', 'app.kubernetes.io/name=web', '--now'])
  await eventually(300_000, async () => {
    await allReady(namespaces.replaced)
    expect((await fetch(address)).status).toBe(200)
  })
})
