import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'
import { addressIn, keepOnFailure, landfallOnCluster, testNamespace } from '@landfall/testkit'
import { afterAll, expect, test } from 'vitest'

// The number of pods: declared and by hand, with what several get, and refused where one is right.

const root = await mkdtemp(`${tmpdir()}/landfall-scale-`)
afterAll(() => rm(root, { recursive: true, force: true }))

const namespace = testNamespace('e2e-scale')

const compose = `name: scale
services:
  web:
    image: python:3.11
    command: [python3, -m, http.server, "8000"]
    ports: ["8080:8000"]
    healthcheck: { test: ["CMD","python3","-c","import urllib.request as u; u.urlopen('http://127.0.0.1:8000/')"], interval: 2s }
    deploy: { replicas: 3 }
  queue:
    image: busybox:1.35.0
    command: [sleep, infinity]
    init: true
  store:
    image: busybox:1.35.0
    command: [sleep, infinity]
    init: true
    volumes: ["data:/data"]
volumes: { data: }
`
const landfallFile = (web = '') => `services:
  queue: { singleton: "it keeps the order of messages" }
${web}`

async function project(name: string, settings: string): Promise<string> {
  const directory = `${root}/${name}`
  await mkdir(directory, { recursive: true })
  await writeFile(`${directory}/compose.yaml`, compose)
  await writeFile(`${directory}/landfall.yaml`, settings)
  return directory
}

const value = (kind: string, name: string, path: string) =>
  namespace.kubectl(['get', kind, name, '-o', `jsonpath={${path}}`])
const scale = (words: string[], code = 0) =>
  landfallOnCluster(namespace, 'scale', [...words, '-p', 'scale'], code)

/** Without a rule that spreads them, the scheduler prefers the other node for all pods. */
async function fillNode(): Promise<void> {
  await namespace.kubectl(['create', 'namespace', namespace.name])
  const [node] = (await namespace.kubectl(['get', 'nodes', '-o', 'name'])).split('\n')
  const spec = {
    nodeName: node?.replace('node/', ''),
    terminationGracePeriodSeconds: 0,
    containers: [
      {
        name: 'ballast',
        image: 'busybox:1.35.0',
        command: ['sleep', 'infinity'],
        resources: { requests: { memory: '4Gi', cpu: '1' } },
      },
    ],
  }
  await namespace.kubectl([
    'run',
    'ballast',
    '--image=busybox:1.35.0',
    `--overrides=${JSON.stringify({ spec })}`,
  ])
}

test('three pods on two nodes, one, and three again: no request is lost', async () => {
  keepOnFailure(namespace)
  await fillNode()
  const { stdout } = await landfallOnCluster(namespace, 'up', [
    await project('all', landfallFile()),
  ])
  await namespace.kubectl(['delete', 'pod', 'ballast'])
  const address = addressIn(stdout)
  expect(await value('pdb', 'web', '.status.disruptionsAllowed')).toBe('1')
  const nodes = await namespace.kubectl([
    ...['get', 'pods', '-l', 'app.kubernetes.io/name=web'],
    ...['-o', 'jsonpath={.items[*].spec.nodeName}'],
  ])
  expect(new Set(nodes.split(' ')).size).toBe(2)

  let over = false
  const failures: string[] = []
  const requests = (async () => {
    while (!over) {
      await fetch(address, { signal: AbortSignal.timeout(10_000) })
        .then((answer) => answer.text())
        .catch((error) => failures.push(String(error.cause ?? error)))
      await pause(20)
    }
  })()
  const up = await scale(['web=5'])
  expect(up.stdout).toMatch(/web: 5 pods, 3 before\. The next `landfall up` sets 3/)
  expect(await value('deployment', 'web', '.status.readyReplicas')).toBe('5')
  await scale(['web=3'])
  over = true
  await requests
  expect(failures).toEqual([])

  await scale(['web=1'])
  expect(await value('deployment', 'web', '.spec.replicas')).toBe('1')
  const again = await landfallOnCluster(namespace, 'up', [`${root}/all`])
  expect(again.stderr + again.stdout).toMatch(/Ready/i)
  expect(await value('deployment', 'web', '.spec.replicas')).toBe('3')
})

test('one copy stays one where that is right, for the same reason everywhere', async () => {
  keepOnFailure(namespace)
  const refused = await scale(['queue=2', 'store=2', 'web=2'], 1)
  expect(refused.stderr).toMatch(/queue has one copy, because .* it keeps the order of messages/)
  expect(refused.stderr).toMatch(/store has one copy, because only one node can mount/)
  expect(await value('deployment', 'web', '.spec.replicas')).toBe('3')
  const declared = await project('declared', `${landfallFile()}  store: { replicas: 2 }\n`)
  const up = await landfallOnCluster(namespace, 'up', [declared], 1)
  expect(up.stderr + up.stdout).toMatch(/store has 2 copies.* because only one node can mount/)
})
