import { appendFile, cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { fileURLToPath } from 'node:url'
import {
  addressIn,
  allReady,
  eventually,
  type Json,
  keepOnFailure,
  landfall,
  landfallOnCluster,
  onSharedCluster,
  sharedCluster,
  testNamespace,
} from '@landfall/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'

// The traps of the systems that Landfall was founded on, each by name, asked of a running project.

const namespace = testNamespace('e2e-seeds')
const project = await mkdtemp(`${tmpdir()}/landfall-seeds-`)
afterAll(() => rm(project, { recursive: true, force: true }))
const prod = ['--environment', 'prod']
let printed = ''

beforeAll(async () => {
  await cp(fileURLToPath(new URL('project', import.meta.url)), project, { recursive: true })
  // A database outside of the cluster: what answers there is a registry, which is as good.
  const [host, port] = sharedCluster().packageRegistry.split(':')
  await appendFile(
    `${project}/landfall.yaml`,
    `external:\n  mysql-service: { address: ${host}, ports: ["3306:${port}"] }\n`,
  )
  printed = (await landfallOnCluster(namespace, 'up', [project, ...prod])).stdout
})

async function inside(service: string, script: string): Promise<string> {
  keepOnFailure(namespace)
  const command = ['exec', `deployment/${service}`, '-c', service, '--', 'sh', '-c', script]
  return (await namespace.kubectl(command)).trim()
}

async function podsOf(service: string): Promise<Json[]> {
  return namespace.list('pods', `app.kubernetes.io/name=${service}`)
}

test('FogFlow: a name that is none on Kubernetes is rewritten in the file that dials it', async () => {
  expect(await inside('designer', 'cat /config/ask.sh')).toContain('http://cloud-broker:8080/')
  expect(await inside('designer', 'cat /tmp/answer')).toBe('hello')
})

test('FogFlow: one that is deaf since its broker restarted is restarted', async () => {
  const restarts = async (): Promise<number> => {
    const [pod] = await podsOf('worker')
    return pod.status.containerStatuses[0].restartCount
  }
  const before = await restarts()
  await namespace.kubectl(['delete', 'pod', '-l', 'app.kubernetes.io/name=broker', '--now'])
  await eventually(300_000, async () => {
    expect(await restarts()).toBeGreaterThan(before)
    expect(await inside('broker', 'redis-cli get worker')).toBe('here')
  })
})

test('FogFlow: a changed file rolls the pods that mount it, and no others', async () => {
  const identities = async (service: string) =>
    (await podsOf(service)).map(({ metadata }) => metadata.uid)
  const [designer, manager] = [await identities('designer'), await identities('manager')]
  await writeFile(
    `${project}/ask.sh`,
    '# again\nwget -q -O - http://cloud_broker:8080/index.html\n',
  )
  await landfallOnCluster(namespace, 'up', [project, ...prod])
  expect(await inside('designer', 'head -n 1 /config/ask.sh')).toBe('# again')
  await eventually(300_000, async () => expect(await identities('designer')).toHaveLength(1))
  expect(await identities('designer')).not.toEqual(designer)
  expect(await identities('manager')).toEqual(manager)
})

test("EdgeX: the engine's socket stops `up` until it is accepted by name, and is not mounted then", async () => {
  const fresh = await mkdtemp(`${tmpdir()}/landfall-seeds-socket-`)
  try {
    await cp(project, fresh, { recursive: true })
    await writeFile(`${fresh}/landfall.yaml`, '')
    const up = await landfall(['up', fresh, ...onSharedCluster('e2e-seeds-socket')])
    expect(up.code).toBe(3)
    expect(up.stderr + up.stdout).toMatch(
      /compose\.yaml:\d+:\d+: dropped: .*Docker Engine[\s\S]*services\/agent\/volumes\/0/,
    )
  } finally {
    await rm(fresh, { recursive: true, force: true })
  }
  expect(await inside('agent', 'test -e /var/run/docker.sock || echo none')).toBe('none')
})

test('Otter: one file of a directory hides none of its neighbours', async () => {
  expect((await inside('manager', 'ls /etc/nginx')).split('\n')).toEqual(
    expect.arrayContaining(['mime.types', 'nginx.conf', 'otter.properties']),
  )
})

test('Otter: one image, several environments that differ in the values of a file', async () => {
  expect(await inside('manager', 'cat /etc/nginx/otter.properties')).toBe(
    '# the manager\notter.domainName = otter.example.com\notter.port = 8080',
  )
})

test('Akka app: a database at an address answers to its name, on the port that the app dials', async () => {
  expect(await inside('server', 'wget -q -O - http://mysql-service:3306/v2/')).toBe('{}')
})

test('Akka app: no variable of the cluster gets in the way of the program’s own', async () => {
  expect(await inside('server', 'env | grep ^SERVER')).toBe('SERVER_PORT=3000')
})

test('Akka app: the port that the cluster chose is read back and answers, three copies behind it', async () => {
  await allReady(namespace)
  expect(await podsOf('server')).toHaveLength(3)
  const answer = await fetch(addressIn(printed))
  expect(await answer.text()).toBe('hello\n')
})
