import { readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'
import {
  type Cluster,
  clusterDown,
  clusterUp,
  defaultOptions,
  nodePowerOff,
  nodePowerOn,
} from '@landfall/local-cluster'
import { eventually, type Json, landfall, type Namespace, namespaceOf } from '@landfall/testkit'
import { afterAll, beforeAll, expect, onTestFailed, test } from 'vitest'

// What `up` says while the API server or a node does not answer.

const options = { ...defaultOptions(process.env), name: 'away', nodes: 2 }
let cluster: Cluster
let namespace: Namespace
let project: string

beforeAll(async () => {
  cluster = await clusterUp(options, () => undefined)
  namespace = namespaceOf(cluster, 'away')
  project = await mkdtemp(`${tmpdir()}/landfall-away-`)
})
afterAll(async () => {
  await clusterDown(options, { volumes: true }, () => undefined)
  await rm(project, { recursive: true, force: true })
})

const up = (place: Namespace, ...more: string[]) =>
  landfall(['up', project, '--local', '--cluster', options.name, '-n', place.name, ...more])

/** The process of this cluster's API server. */
function apiServer(): number {
  const found = readdirSync('/proc').filter((entry) => {
    if (!/^\d+$/.test(entry)) return false
    try {
      const command = readFileSync(`/proc/${entry}/cmdline`, 'utf8')
      return command.includes('kube-apiserver') && command.includes(`/clusters/${options.name}/`)
    } catch {
      return false
    }
  })
  if (found.length !== 1) throw new Error(`${found.length} API servers`)
  return Number(found[0])
}

test('an API server that hangs for a while is reported, and the wait goes on after it', async () => {
  onTestFailed(() => namespace.keepArtifacts(), 120_000)
  await writeFile(
    `${project}/compose.yaml`,
    'services: { w: { image: "busybox:1.35", command: ["sh","-c","sleep 20; exec httpd -f -p 80"], ports: ["8080:80"] } }',
  )
  const running = up(namespace)
  await eventually(300_000, () => namespace.get('deployment', 'w'), 200)
  const server = apiServer()
  process.kill(server, 'SIGSTOP')
  await pause(50_000)
  process.kill(server, 'SIGCONT')
  const { code, stdout, stderr } = await running
  expect(code, stdout + stderr).toBe(0)
  expect(stderr).toMatch(/cluster: the API server has not answered for \d+ s/)
  expect(stderr).toMatch(/cluster: the API server answers again/)
})

test('a node that is lost during the wait is named, and the wait goes on to the pod elsewhere', async () => {
  const place = namespaceOf(cluster, 'lost')
  onTestFailed(() => place.keepArtifacts(), 120_000)
  await writeFile(
    `${project}/compose.yaml`,
    'services: { w: { image: "busybox:1.35", command: ["sh","-c","sleep 15; exec httpd -f -p 80"], ports: ["8080:80"], stop_grace_period: 1s, healthcheck: { test: "nc 127.0.0.1 80 </dev/null", start_period: 600s, interval: 1s } } }',
  )
  const running = up(place, '--timeout', '6m')
  const node: string = await eventually(
    300_000,
    async () => {
      const [pod]: Json[] = await place.list('pods')
      if (pod?.status.phase !== 'Running') throw new Error('not running yet')
      return pod.spec.nodeName
    },
    200,
  )
  await nodePowerOff(options, node)
  const { code, stdout, stderr } = await running
  await nodePowerOn(options, node)
  expect(code, stdout + stderr).toBe(0)
  expect(stderr).toMatch(new RegExp(`node ${node} does not answer`))
})
