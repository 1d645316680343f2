import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import {
  eventually,
  type Json,
  keepOnFailure,
  landfallOnCluster,
  podReady,
  testNamespace,
} from '@landfall/testkit'
import { afterAll, expect, test } from 'vitest'

// Copies with numbers: each tells its own by a file, a variable, its host name, a typed edit and its port, which is the same number on a node.

const namespace = testNamespace('e2e-identity')
const project = await mkdtemp(`${tmpdir()}/landfall-identity-`)
afterAll(() => rm(project, { recursive: true, force: true }))

const PORTS = 31_940

/** The numbers as a copy knows them, in one line; then its web server on a port of its own. */
const serve = String.raw`cd /tmp && mkdir -p www
printf '%s %s %s %s %s %s\n' "$$(cat /etc/nid)" "$$NID" "$$(hostname)" "$$NAME" "$$(ls /etc/passwd)" "$$(tr -d ' \n' </etc/node.json)" >www/who
trap 'exit 0' TERM
httpd -f -p $$((${PORTS} + NID)) -h www & wait`

async function writeProject(replicas: number, more = ''): Promise<void> {
  const command = JSON.stringify(['sh', '-c', `${serve}${more}`])
  await writeFile(
    `${project}/compose.yaml`,
    `name: identity
services:
  node:
    image: busybox:1.35.0
    command: ${command}
    environment: { NAME: "n-{{identity}}" }
    volumes: ["./node.json:/etc/node.json:ro"]
    stop_grace_period: 5s
    restart: always
  peer:
    image: busybox:1.35.0
    command: [sleep, infinity]
    init: true
`,
  )
  await writeFile(`${project}/node.json`, '{ "port": 1, "name": "x" }\n')
  await writeFile(
    `${project}/landfall.yaml`,
    `services:
  node:
    replicas: ${replicas}
    drain: 0
    identity: { from: 1, file: /etc/nid, env: NID }
    ports: [${PORTS} + identity]
    ready: { command: [sh, -c, "wget -qO- http://localhost:$((${PORTS} + NID))/who"] }
    files:
      ./node.json: { set: { /port: "{{${PORTS} + identity}}", /name: "node-{{identity}}" } }
`,
  )
}

function lineOf(number: number): string {
  const json = `{"port":${PORTS + number},"name":"node-${number}"}`
  return `${number} ${number} node-${number} n-${number} /etc/passwd ${json}\n`
}

/** What a copy answers from outside, at the port of a node that is its own. */
async function outside(number: number): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${PORTS + number}/who`, {
    signal: AbortSignal.timeout(5_000),
  }).catch(() => fetch(`http://${nodeAddress}:${PORTS + number}/who`))
  return response.text()
}

let nodeAddress = ''

const copies = () => namespace.list('pods', 'app.kubernetes.io/name=node')
const namesOf = (pods: Json[]) => pods.map(({ metadata }) => metadata.name).sort()
const services = async () =>
  namesOf(await namespace.list('services', 'app.kubernetes.io/name=node'))

function servicesFor(numbers: number[]): string[] {
  const own = numbers.flatMap((number) => [`node-${number}`, `node-${number}-published`])
  return ['node', 'node-copies', ...own].sort()
}

/** Each copy is there, ready, and itself; and no other is. */
async function onlyThese(...numbers: number[]): Promise<void> {
  await eventually(120_000, async () => {
    const pods = await copies()
    expect(namesOf(pods)).toEqual(numbers.map((number) => `node-${number}`))
    expect(pods.every(podReady)).toBe(true)
    for (const number of numbers) expect(await outside(number)).toBe(lineOf(number))
  })
}

test('three copies know their numbers by every way, and their ports are those of a node', async () => {
  keepOnFailure(namespace)
  await writeProject(3)
  const { stdout } = await landfallOnCluster(namespace, 'up', [project])
  nodeAddress = /http:\/\/([\d.]+):/.exec(stdout)?.[1] ?? '127.0.0.1'
  for (const number of [1, 2, 3]) expect(stdout).toContain(`:${PORTS + number}`)
  await onlyThese(1, 2, 3)
  expect(await services()).toEqual(servicesFor([1, 2, 3]))
  const ask = `wget -qO- http://node-2:${PORTS + 2}/who`
  expect(await namespace.kubectl(['exec', 'deployment/peer', '--', 'sh', '-c', ask])).toBe(
    lineOf(2),
  )
})

test('a copy that is deleted by force comes back as itself', async () => {
  keepOnFailure(namespace)
  const before = (await namespace.get('pod', 'node-2')).metadata.uid
  await namespace.kubectl(['delete', 'pod', 'node-2', '--force', '--grace-period=0'])
  await eventually(60_000, async () => {
    expect((await namespace.get('pod', 'node-2')).metadata.uid).not.toBe(before)
  })
  await onlyThese(1, 2, 3)
})

test('five copies and two by one number: Services come and go with them', async () => {
  keepOnFailure(namespace)
  const scale = (count: number) =>
    landfallOnCluster(namespace, 'scale', [`node=${count}`, '-p', 'identity'])
  expect((await scale(5)).stdout).toMatch(/node: 5 pods, 3 before/)
  await onlyThese(1, 2, 3, 4, 5)
  expect(await services()).toEqual(servicesFor([1, 2, 3, 4, 5]))
  await scale(2)
  await onlyThese(1, 2)
  expect(await services()).toEqual(servicesFor([1, 2, 3]))
})

test('an update with another number: each copy ends before it is replaced, and what is declared is there', async () => {
  keepOnFailure(namespace)
  const uids = (await copies()).map(({ metadata }) => metadata.uid)
  await writeProject(4, '\n# changed')
  const seen: string[][] = []
  let over = false
  const watching = (async () => {
    while (!over) seen.push(namesOf(await copies()))
  })()
  const { stdout } = await landfallOnCluster(namespace, 'up', [project])
  over = true
  await watching
  expect(stdout).toContain(`:${PORTS + 4}`)
  await onlyThese(1, 2, 3, 4)
  expect(await services()).toEqual(servicesFor([1, 2, 3, 4]))
  const after = (await copies()).map(({ metadata }) => metadata.uid)
  expect(uids.some((uid) => after.includes(uid))).toBe(false)
  // no name is there twice at any time
  expect(seen.filter((names) => new Set(names).size < names.length)).toEqual([])
})

test('the status shows the copies, and nothing is left when the release is taken down', async () => {
  keepOnFailure(namespace)
  const { stdout } = await landfallOnCluster(namespace, 'status', [project])
  expect(stdout).toMatch(/node \(statefulset\) +4\/4 .*ready/)
  await landfallOnCluster(namespace, 'down', [project])
  expect(await namespace.list('statefulsets,pods,services', 'landfall.dev/release')).toEqual([])
})
