import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import {
  addressIn,
  eventually,
  keepOnFailure,
  landfallOnCluster,
  type Namespace,
  podReady,
  testNamespace,
} from '@landfall/testkit'
import { afterAll, expect, test } from 'vitest'
import { requestLoop } from './requests.ts'

// How pods are replaced: no request is lost, a version that crashes replaces nothing, and one pod at a time has the data.

const root = await mkdtemp(`${tmpdir()}/landfall-rollout-`)
afterAll(() => rm(root, { recursive: true, force: true }))

const updated = testNamespace('e2e-rollout-updated')
const crashing = testNamespace('e2e-rollout-crashing')
const alone = testNamespace('e2e-rollout-alone')

async function project(name: string, compose: string): Promise<string> {
  const directory = `${root}/${name}`
  await mkdir(directory, { recursive: true })
  await writeFile(`${directory}/compose.yaml`, compose)
  return directory
}

const copies = (version: string) => `name: copies
services:
  web:
    image: nginx:1.22
    command: ["sh","-c","echo ${version} > /usr/share/nginx/html/index.html && exec nginx -g 'daemon off;'"]
    ports: ["8080:80"]
    healthcheck: { test: ["CMD-SHELL","test -s /usr/share/nginx/html/index.html && test -s /run/nginx.pid"], interval: 1s }
    scale: 2
`

const podsOf = (namespace: Namespace, service: string) =>
  namespace.list('pods', `app.kubernetes.io/name=${service}`)

test('no request is lost in an update, in a rollback, and when each pod is deleted', async () => {
  keepOnFailure(updated)
  const { stdout } = await landfallOnCluster(updated, 'up', [await project('one', copies('one'))])
  const loop = requestLoop(addressIn(stdout))
  await landfallOnCluster(updated, 'up', [await project('two', copies('two'))])
  await landfallOnCluster(updated, 'rollback', ['-p', 'copies'])
  const serving = (await podsOf(updated, 'web')).filter(
    ({ metadata }) => metadata.deletionTimestamp === undefined,
  )
  for (const { metadata } of serving) {
    await updated.kubectl(['delete', 'pod', metadata.name, '--wait=false'])
    await eventually(200_000, async () => {
      const pods = await podsOf(updated, 'web')
      expect(pods.map((pod) => pod.metadata.name)).not.toContain(metadata.name)
      expect(pods.filter(podReady)).toHaveLength(2)
    })
  }
  const { pages, lost } = await loop.end()
  expect(lost).toEqual([])
  expect([...pages.keys()].sort()).toEqual(['one', 'two'])
})

/** One pod, replaced by starting the new one first; `after` is what its program does when it serves. */
const single = (version: string, after: string, more = '') => `name: single
services:
  web:
    image: python:3.11
    command: ["sh","-c","mkdir -p /w && echo ${version} > /w/index.html && cd /w && ${after}"]
    ports: ["8080:8000"]
${more}`

const SERVES = 'exec python3 -m http.server 8000'
const CHECK = `    healthcheck: { test: ["CMD","python3","-c","import urllib.request as u; u.urlopen('http://127.0.0.1:8000/')"], interval: 1s }
`

test('a version that crashes replaces nothing: at once, and after it has served for 10 seconds', async () => {
  keepOnFailure(crashing)
  const good = await project('good', single('one', SERVES, CHECK))
  const { stdout } = await landfallOnCluster(crashing, 'up', [good])
  const address = addressIn(stdout)

  const first = requestLoop(address)
  const atOnce = await project('at-once', single('two', 'exit 3', CHECK))
  await landfallOnCluster(crashing, 'up', [atOnce], 1)
  const answers = await first.end()
  expect(answers.lost).toEqual([])
  expect([...answers.pages.keys()]).toEqual(['one'])

  const second = requestLoop(address)
  const later = `python3 -m http.server 8000 & sleep 10; exit 3`
  await landfallOnCluster(
    crashing,
    'up',
    [await project('later', single('three', later, CHECK))],
    1,
  )
  // What is on its way to a program when it crashes is lost. The old one answers all the time.
  const { pages, longestGap } = await second.end()
  expect(pages.get('one')).toBeGreaterThan(50)
  expect(longestGap('one')).toBeLessThan(8_000)

  await landfallOnCluster(crashing, 'status', [good])
  const { spec } = await crashing.get('deployment', 'web')
  expect(spec).toMatchObject({
    minReadySeconds: 25,
    strategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
  })
})

/** It takes longer to end than the time after which a pod that no node takes is a failure. */
const KEEPER = `name: keeper
services:
  db:
    image: redis:7.0
    command:
      - sh
      - -c
      - |
        echo start >> /data/log
        end() { sleep 12; echo end >> /data/log; exit 0; }
        trap end TERM
        redis-server --dir /data --appendonly yes &
        while true; do sleep 1; done
    volumes: ["data:/data"]
    restart: always
    stop_grace_period: 60s
volumes: { data: {} }
`

const within = async (namespace: Namespace, script: string): Promise<string> =>
  (await namespace.kubectl(['exec', 'deployment/db', '-c', 'db', '--', 'sh', '-c', script])).trim()

test('a pod that is deleted has ended before the next one starts, which has its data; up waits for that', async () => {
  keepOnFailure(alone)
  const directory = await project('keeper', KEEPER)
  await landfallOnCluster(alone, 'up', [directory])
  expect(await within(alone, 'redis-cli set answer 42')).toBe('OK')
  await within(alone, 'sleep 3')
  const [before] = await podsOf(alone, 'db')
  await alone.kubectl(['delete', 'pod', before.metadata.name, '--wait=false'])
  await landfallOnCluster(alone, 'up', [directory])
  const pods = (await podsOf(alone, 'db')).filter(podReady)
  expect(pods.map(({ metadata }) => metadata.name)).not.toContain(before.metadata.name)
  expect(await within(alone, 'cat /data/log')).toBe('start\nend\nstart')
  expect(await within(alone, 'redis-cli get answer')).toBe('42')
})
