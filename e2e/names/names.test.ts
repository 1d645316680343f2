import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { fileURLToPath } from 'node:url'
import { keepOnFailure, landfallOnCluster, testNamespace } from '@landfall/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'

// Names and addresses that Docker makes up or gives, each asked from inside of a running project.

const namespace = testNamespace('e2e-names')
const project = await mkdtemp(`${tmpdir()}/landfall-names-`)
afterAll(() => rm(project, { recursive: true, force: true }))
let printed = ''

beforeAll(async () => {
  await cp(fileURLToPath(new URL('project', import.meta.url)), project, { recursive: true })
  printed = (await landfallOnCluster(namespace, 'up', [project])).stdout
})

async function client(script: string): Promise<string> {
  keepOnFailure(namespace)
  const command = ['exec', 'deployment/client', '-c', 'client', '--', 'sh', '-c', script]
  return (await namespace.kubectl(command)).trim()
}

/** The answer of a Redis at a host and port, as the client sees it. */
function ping(host: string): Promise<string> {
  return client(`printf 'PING\\r\\nQUIT\\r\\n' | nc -w 5 ${host} 6379 | head -n 1`)
}

test('the names that Compose gives to containers answer, as the client’s variable has them', async () => {
  const names = (await client('echo $UPSTREAMS')).split(' ').map((name) => name.split(':')[0])
  expect(names).toEqual(['names-web-1', 'names-web-2', 'tasks-web', 'names-my-api-1'])
  for (const name of names.slice(0, 3))
    expect(await client(`wget -q -O - http://${name}/`)).toBe('hello')
  expect(await client('wget -q -O /dev/null http://names-my-api-1:8000/ && echo yes')).toBe('yes')
})

test('tasks.<service> gives the address of every pod', async () => {
  const pods = await namespace.list('pods', 'app.kubernetes.io/name=web')
  const addresses = pods.map(({ status }) => status.podIP).sort()
  const found = await client(
    "nslookup tasks-web | sed -n '/Name:/,$p' | sed -n 's/^Address.*: *//p' | sort -u",
  )
  expect(found.split('\n').sort()).toEqual(addresses)
})

test('a fixed address is a name where it was: in variables, in a file, as an extra host', async () => {
  expect(await client('echo $STORE $STORE_HOST')).toBe('redis://store:6379 store')
  expect(await client('cat /etc/client.ini')).toBe(
    '[store]\nurl = redis://store:6379/0\nreplica = store:6379\nnetwork = 172.20.0.0/16',
  )
  expect(await ping('store')).toBe('+PONG')
  expect(await ping('cache')).toBe('+PONG')
})

test('a program that binds to its fixed address is bound to the address of its pod', async () => {
  const [pod] = await namespace.list('pods', 'app.kubernetes.io/name=store')
  expect(await ping(pod?.status.podIP)).toBe('+PONG')
})

test('the machine that runs Docker resolves to the address that landfall.yaml gives', async () => {
  expect(await client("sed -n 's/\\thost.docker.internal$//p' /etc/hosts")).toBe('10.0.0.5')
})

test('a HostPort has the published number, also after an update', async () => {
  expect((await fetch(hostPortOf(printed))).status).toBe(200)
  expect(printed).toMatch(/ftp +28100-28103 +tcp:\/\/\S+:28100-28103 /)
  const compose = `${project}/compose.yaml`
  const changed = (await readFile(compose, 'utf8')).replace(
    'http.server 21',
    'http.server 21 -d /etc',
  )
  await writeFile(compose, changed)
  const again = await landfallOnCluster(namespace, 'up', [project])
  // The number stays. The node may be another one: the pod is replaced, and the scheduler places the new one.
  expect(await (await fetch(hostPortOf(again.stdout))).text()).toContain('hostname')
})

/** The address of the published port that `up` printed: of the node that the pod runs on. */
function hostPortOf(stdout: string): string {
  return /http:\/\/\S+:28021\b/.exec(stdout)?.[0] ?? 'no address is printed'
}
