import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createConnection } from 'node:net'
import { tmpdir } from 'node:os'
import {
  eventually,
  type Finished,
  type Json,
  keepOnFailure,
  landfall,
  landfallOnCluster,
  repository,
  testNamespace,
} from '@landfall/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'

// What an operator does by day, with the rights of the role `admin` in the namespace and no others.

const root = await mkdtemp(`${tmpdir()}/landfall-day-`)
afterAll(() => rm(root, { recursive: true, force: true }))

const namespace = testNamespace('e2e-day')
const KUBECONFIG = `${root}/kubeconfig`
const project = `${root}/project`

const COMPOSE = `name: day
services:
  web:
    image: python:3.11
    command: ["sh","-c","mkdir /w && hostname -i > /w/index.html && head -c 30000000 /dev/urandom > /w/big && exec python3 -m http.server 8000 --directory /w"]
    deploy: { replicas: 2, update_config: { order: start-first, monitor: 5s } }
    ports: ["127.0.0.1:18080:8000"]
    healthcheck: { test: ["CMD","python3","-c","import urllib.request as u; u.urlopen('http://127.0.0.1:8000/')"], interval: 2s }
  redis:
    image: redis:7.0
  app:
    image: python:3.11
    command: ["sh","-c","echo begins; while [ ! -e /tmp/end ]; do sleep 0.2; done; echo ends; exit 1"]
    restart: always
    depends_on: { redis: { condition: service_started, restart: true } }
  setup:
    image: python:3.11
    command: ["sh","-c","echo prepared"]
`

beforeAll(async () => {
  await mkdir(project, { recursive: true })
  await writeFile(`${project}/compose.yaml`, COMPOSE)
  await writeFile(`${project}/landfall.yaml`, 'services: { setup: { oneShot: true } }\n')
  await landfallOnCluster(namespace, 'up', [project])
  await writeKubeconfig()
})

/** The account of the operator: a ServiceAccount with the role `admin` in this namespace. */
async function writeKubeconfig(): Promise<void> {
  await namespace.kubectl(['create', 'serviceaccount', 'operator'])
  await namespace.kubectl([
    ...['create', 'rolebinding', 'operator', '--clusterrole=admin'],
    `--serviceaccount=${namespace.name}:operator`,
  ])
  const token = (await namespace.kubectl(['create', 'token', 'operator'])).trim()
  const all: Json = JSON.parse(
    await namespace.kubectl(['config', 'view', '--raw', '--minify', '--flatten', '-o', 'json']),
  )
  const [{ name }] = all.contexts
  const config = {
    ...all,
    users: [{ name: 'operator', user: { token } }],
    contexts: [{ name, context: { cluster: all.clusters[0].name, user: 'operator' } }],
  }
  await writeFile(KUBECONFIG, JSON.stringify(config))
}

const target = ['-p', 'day', '-n', namespace.name]

/** A command as the operator; throws unless the exit code is the expected one. */
async function day(
  command: string,
  words: readonly string[] = [],
  { code = 0, input }: { code?: number | 'any'; input?: string } = {},
): Promise<Finished> {
  const finished = await landfall([command, ...target, ...words], {
    env: { KUBECONFIG },
    ...(input !== undefined && { input }),
  })
  if (code !== 'any') expect(finished.code, finished.stdout + finished.stderr).toBe(code)
  return finished
}

test('exec passes on input, output and exit code, and names what is not there', async () => {
  keepOnFailure(namespace)
  expect((await day('exec', ['web', 'sh', '-c', 'exit 7'], { code: 7 })).stdout).toBe('')
  const big = 'x'.repeat(3_000_000)
  const { stdout } = await day('exec', ['redis', '--', 'wc', '-c'], { input: big })
  expect(stdout.trim()).toBe('3000000')
  const names = await Promise.all(
    ['1', '2'].map(
      async (index) =>
        (await day('exec', ['web', '--index', index, '--', 'hostname', '-i'])).stdout,
    ),
  )
  expect(new Set(names).size).toBe(2)
  const { stderr } = await day('exec', ['wbe', 'true'], { code: 2 })
  expect(stderr).toMatch(/no service wbe[\s\S]*did you mean web\?/)
  expect((await day('exec', ['setup', 'true'], { code: 1 })).stderr).toMatch(
    /no container of setup runs/,
  )
})

test('port-forward: the published port of a loopback address, also through the replacement of all pods', async () => {
  keepOnFailure(namespace)
  const forward = await forwarding([])
  try {
    const page = await (await fetch('http://127.0.0.1:18080/')).text()
    expect(page.trim()).not.toBe('')
    const sizes = await Promise.all(
      Array.from(
        { length: 6 },
        async () => (await (await fetch('http://127.0.0.1:18080/big')).arrayBuffer()).byteLength,
      ),
    )
    expect(sizes).toEqual(sizes.map(() => 30_000_000))
    expect(await halfClosed(18080, 'GET / HTTP/1.0\r\n\r\n')).toMatch(/200 OK[\s\S]*\d+\.\d+/)

    await namespace.kubectl(['delete', 'pods', '-l', 'app.kubernetes.io/name=web', '--wait=false'])
    await eventually(180_000, async () => {
      const next = await (
        await fetch('http://127.0.0.1:18080/', { headers: { connection: 'close' } })
      ).text()
      if (next.trim() === page.trim() || next.trim() === '') throw new Error('the old pod')
    })

    const taken = await landfall(['port-forward', ...target, 'web'], { env: { KUBECONFIG } })
    expect(taken.code).toBe(2)
    expect(taken.stderr).toMatch(/port 18080 of 127\.0\.0\.1 is taken[\s\S]*--free-ports/)
  } finally {
    expect(await forward.end()).toBe(130)
  }
})

test('port-forward: a port that is not published, and one on which nothing listens', async () => {
  const forward = await forwarding(['redis:16379:6379', 'web:18081:9999'])
  try {
    expect(await halfClosed(16379, 'PING\r\nQUIT\r\n')).toMatch(/PONG/)
    // an answer that takes its time, after the last word of the client
    expect(await halfClosed(16379, 'BLPOP nothing 3\r\nQUIT\r\n')).toMatch(/\*-1[\s\S]*OK/)
    await expect(fetch('http://127.0.0.1:18081/')).rejects.toThrow()
    await eventually(90_000, async () => {
      if (!/web:9999: .*refused/.test(forward.stderr())) throw new Error(forward.stderr())
    })
  } finally {
    await forward.end()
  }
})

test('restart replaces the pods of a service and of those that restart with it; the next up changes nothing', async () => {
  keepOnFailure(namespace)
  const pods = async () =>
    (await namespace.list('pods'))
      .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
      .map(({ metadata }) => metadata.name as string)
  const before = await pods()
  const { stdout } = await day('restart', ['redis'])
  expect(stdout).toMatch(/^Ready/m)
  const after = await pods()
  const kept = before.filter((name) => after.includes(name)).map((name) => name.split('-')[0])
  expect(new Set(kept)).toEqual(new Set(['web', 'setup']))
  await day('restart', ['setup'], { code: 1 })
  const { stderr } = await landfallOnCluster(namespace, 'up', [project])
  expect(stderr).toMatch(/\d+ objects: \d+ unchanged/)
  expect(await pods()).toEqual(expect.arrayContaining(after.filter((name) => !/^setup/.test(name))))
})

test('logs, events, wait, status and top', async () => {
  keepOnFailure(namespace)
  // while the next run of a container is created, the kubelet may remove the output of the one before: then once more
  await eventually(180_000, async () => {
    await day('exec', ['app', 'touch', '/tmp/end'])
    await eventually(30_000, async () => {
      const { stdout, stderr } = await day('logs', ['--previous', 'app', 'web'])
      if (stdout !== 'app | begins\napp | ends\n') throw new Error(stdout + stderr)
    })
  })
  expect((await day('logs', ['--since', '1s', '--tail', '1', 'setup'])).stdout).toBe('')
  expect((await day('logs', ['setup', 'redis'])).stdout).toMatch(/setup \| prepared/)
  await day('wait', ['app', 'web', '--timeout', '3m'])
  const { stdout: events } = await day('events', ['app', '--output', 'json'])
  const lines: Json[] = events
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(lines.map(({ service }) => service)).toEqual(lines.map(() => 'app'))
  expect(lines.map(({ reason }) => reason)).toContain('Started')
  // app has ended before: whether it stays up now is not known yet
  const { stdout: tree } = await day('status', ['--tree'], { code: 'any' })
  expect(tree).toMatch(/^ {2}app .*\n {2}└─ redis /m)
  expect((await day('top', [], { code: 1 })).stderr).toMatch(/serves no metrics/)
  expect((await day('open', ['redis'], { code: 1 })).stderr).toMatch(/no published port of redis/)
})

test('a right that is missing is named, with the command that gives it', async () => {
  await namespace.kubectl(['delete', 'rolebinding', 'operator'])
  await namespace.kubectl([
    ...['create', 'rolebinding', 'operator', '--clusterrole=view'],
    `--serviceaccount=${namespace.name}:operator`,
  ])
  const { stderr } = await day('exec', ['web', 'true'], { code: 1 })
  expect(stderr).toMatch(/may not \w+ pods\/exec in namespace e2e-day/)
  expect(stderr).toMatch(/kubectl create role \S+ --verb=\w+ --resource=pods\/exec -n e2e-day/)
  expect((await day('restart', ['web'], { code: 1 })).stderr).toMatch(/lease/i)
  // app may have to stay up for longer than this took
  const { stdout, stderr: refused } = await day('status', [], { code: 'any' })
  expect(stdout).toMatch(/\bweb\b/)
  expect(refused).not.toMatch(/may not/)
})

/** `landfall port-forward` as a process that listens. */
async function forwarding(words: readonly string[]) {
  const child = spawn(`${repository}landfall`, ['port-forward', ...target, ...words], {
    env: { ...process.env, KUBECONFIG },
  })
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (text) => {
    stdout += text
  })
  child.stderr.on('data', (text) => {
    stderr += text
  })
  const ended = once(child, 'exit')
  await eventually(180_000, async () => {
    if (!stdout.includes('→')) throw new Error(`not listening\n${stdout}${stderr}`)
  })
  return {
    stderr: () => stderr,
    async end(): Promise<number> {
      child.kill('SIGINT')
      const [code] = await ended
      return code
    },
  }
}

/** Sends a text, says that nothing more comes, and reads to the end. */
async function halfClosed(port: number, text: string): Promise<string> {
  const socket = createConnection({ port, host: '127.0.0.1', allowHalfOpen: true })
  socket.end(text)
  let answer = ''
  for await (const bytes of socket) answer += bytes
  return answer
}
