import { eventually, keepOnFailure, testNamespace } from '@landfall/testkit'
import { describe, expect, test } from 'vitest'
import { projects } from './project.ts'

// What `up` says of programs and clusters that do not work, each kind with the line that decides it.

const { write, up } = projects()

interface Case {
  name: string
  compose: string
  settings?: string
  /** In what is printed, in this order. */
  says: readonly RegExp[]
}

const loop = (life: number) => `services:
  w: { image: "busybox:1.35", command: ["sh","-c","echo up; sleep ${life}; exit 1"], restart: unless-stopped }`

const cases: Case[] = [
  ...[0.4, 1.3, 2, 2.7, 8, 20].map((life) => ({
    name: `a program that ends after ${life} s again and again`,
    compose: loop(life),
    says: [/compose.yaml:2:40: error: w: exited with code 1/, /w ended twice/],
  })),
  {
    name: 'a program that does its work again and again',
    compose: 'services:\n  w: { image: "busybox:1.35", command: echo done, restart: always }',
    says: [/2:40: error: w: exited with code 0/, /services\.w\.oneShot: true/],
  },
  {
    name: 'a program that takes more memory than it may',
    compose: `services:
  w:
    image: "python:3.11"
    command: ["python3","-c","x=[]\\nwhile True: x.append(bytearray(5_000_000))"]
    mem_limit: 64m`,
    // a busy node may report the end of the program before it knows the cause
    says: [
      /compose.yaml:5:16: error: w: (OOMKilled|exited with code 137)/,
      /more memory than its limit/,
    ],
  },
  {
    name: 'a health test that never passes',
    compose: `services:
  w:
    image: "busybox:1.35"
    command: sleep 1d
    healthcheck: { test: "echo not yet; exit 1", interval: 1s, retries: 3 }
  app: { image: "busybox:1.35", command: sleep 1d, depends_on: { w: { condition: service_healthy } } }`,
    says: [/compose.yaml:5:18: error: w: unhealthy/, /not yet/],
  },
  {
    name: 'a published port on which nobody listens',
    compose: 'services:\n  w: { image: "busybox:1.35", command: sleep 1d, ports: ["8080:80"] }',
    says: [/compose.yaml:2:57: error: w: nothing answers/, /published as 8080/],
  },
  {
    name: 'a service that is reached by nobody holds a chain of others',
    compose: `services:
  logging: { image: "busybox:1.35", command: sleep 1d, expose: ["48061"] }
  data: { image: "busybox:1.35", command: sleep 1d, expose: ["1"], depends_on: [logging] }
  rules: { image: "busybox:1.35", command: sleep 1d, depends_on: [data] }`,
    says: [/error: logging: nothing answers/, /logging:48061/, /hostsFirst/],
  },
  {
    name: 'a service that does not listen where another one connects to it',
    compose: `services:
  cache: { image: "redis:7", command: redis-server --port 6380 }
  app: { image: "busybox:1.35", command: sleep 1d, environment: { CACHE: "redis://cache:6379" } }`,
    says: [/error: cache: nothing answers/, /cache:6379 refuses .* app connects to it/],
  },
  {
    name: 'a storage class that the cluster does not have',
    compose: `services:
  w: { image: "busybox:1.35", command: sleep 1d, volumes: ["media:/m"] }
volumes: { media: {} }`,
    settings: 'volumes: { media: { class: nope } }',
    says: [/landfall.yaml:1:21: error: w: ProvisioningFailed/, /"nope" not found/],
  },
  {
    name: 'more processors than any node has',
    compose: `services:
  w:
    image: "busybox:1.35"
    command: sleep 1d
    deploy: { resources: { reservations: { cpus: "1000" } } }`,
    says: [/compose.yaml:5:50: error: w: Unschedulable/, /Insufficient cpu/],
  },
]

describe.concurrent('the verdict', () => {
  for (const [index, { name, compose, settings, says }] of cases.entries()) {
    const namespace = testNamespace(`e2e-verdict-${index}`)
    test(name, async () => {
      keepOnFailure(namespace)
      const { code, stdout, stderr } = await up(
        namespace,
        await write(String(index), compose, settings),
      )
      expect(code, stdout + stderr).toBe(1)
      for (const pattern of says) expect(stdout).toMatch(pattern)
      await namespace.tryKubectl(['delete', 'deployments', '--all', '--wait=false'])
    })
  }

  const quota = testNamespace('e2e-verdict-quota')
  test('a quota that admits two of four pods', async () => {
    keepOnFailure(quota)
    await quota.kubectl(['create', 'namespace', quota.name])
    await quota.kubectl(['create', 'quota', 'two', '--hard=pods=2'])
    const directory = await write(
      'quota',
      'services:\n  w: { image: "busybox:1.35", command: sleep 1d, deploy: { replicas: 4 } }',
    )
    const { code, stdout } = await up(quota, directory)
    expect(code).toBe(1)
    expect(stdout).toMatch(/error: w: FailedCreate/)
    expect(stdout).toMatch(/exceeded quota: two/)
    expect(stdout).toMatch(/kubectl describe quota/)
  })

  const deleted = testNamespace('e2e-verdict-deleted')
  test('a workload that somebody deletes during the wait', async () => {
    keepOnFailure(deleted)
    const directory = await write(
      'deleted',
      'services: { w: { image: "busybox:1.35", command: sleep 1d } }',
    )
    const running = up(deleted, directory)
    await eventually(300_000, () => deleted.get('deployment', 'w'), 200)
    await deleted.kubectl(['delete', 'deployment', 'w', '--ignore-not-found'])
    const { code, stdout } = await running
    expect(code).toBe(1)
    expect(stdout).toMatch(/error: w: deleted/)
  })

  const hanging = testNamespace('e2e-verdict-hanging')
  test('the log of a one-shot that hangs, and not of who waits for it', async () => {
    keepOnFailure(hanging)
    const directory = await write(
      'hanging',
      `services:
  init: { image: "busybox:1.35", command: ["sh","-c","while :; do echo Waiting for the cluster to join; sleep 1; done"] }
  app: { image: "busybox:1.35", command: sleep 1d, depends_on: { init: { condition: service_completed_successfully } } }`,
    )
    const { code, stdout } = await up(hanging, directory, '--timeout', '60')
    expect(code).toBe(1)
    expect(stdout).toMatch(/error: init \(job\): not ready after 60 s/)
    expect(stdout).toMatch(/\| Waiting for the cluster to join\n {2}\| … this line \d+ times/)
    expect(stdout).not.toMatch(/wait longer/)
  })

  const terminating = testNamespace('e2e-verdict-terminating')
  test('a namespace that does not go away is part of the time-out', async () => {
    keepOnFailure(terminating)
    const finalizer = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'held', finalizers: ['example.com/held'] },
    }
    await terminating.kubectl(['create', 'namespace', terminating.name])
    await terminating.kubectl(['create', '-f', '-'], JSON.stringify(finalizer))
    await terminating.kubectl(['delete', 'namespace', terminating.name, '--wait=false'])
    const directory = await write('terminating', 'services: { w: { image: "busybox:1.35" } }')
    const { code, stdout, ms } = await up(terminating, directory, '--timeout', '5s')
    await terminating.kubectl([
      'patch',
      'configmap',
      'held',
      '--type=merge',
      '-p',
      '{"metadata":{"finalizers":null}}',
    ])
    expect(code).toBe(1)
    expect(stdout).toMatch(/not ready after 5 s/)
    expect(stdout).toMatch(/still being deleted/)
    expect(ms).toBeLessThan(120_000)
  })

  const healed = testNamespace('e2e-verdict-healed')
  test('a program that crash-looped before and is healed by what this run changes', async () => {
    keepOnFailure(healed)
    const compose = (answer: string) => `services:
  db: { image: "busybox:1.35", command: ["sh","-c","mkdir /www; echo ${answer} >/www/index.html; exec httpd -f -p 80 -h /www"], expose: ["80"] }
  app: { image: "busybox:1.35", command: ["sh","-c","wget -q -O - http://db/ | grep -q good && exec sleep 1d; echo no schema; exit 1"], restart: always }`
    const directory = await write('healed', compose('bad'))
    expect((await up(healed, directory)).stdout).toMatch(/error: app: exited with code 1/)
    await write('healed', compose('good'))
    const { code, stdout, stderr } = await up(healed, directory)
    expect(code, stdout + stderr).toBe(0)
    expect(stdout).toMatch(/^Ready after/)
  })

  const slow = testNamespace('e2e-verdict-slow')
  test('programs that start slowly, and those that give up until then, are ready in the end', async () => {
    keepOnFailure(slow)
    const directory = await write(
      'slow',
      `services:
  db: { image: "busybox:1.35", command: ["sh","-c","sleep 15; mkdir /www; exec httpd -f -p 80 -h /www"], ports: ["8080:80"] }
  app: { image: "busybox:1.35", command: ["sh","-c","nc db 80 </dev/null || exit 1; exec sleep 1d"], restart: always }
  healthy:
    image: "busybox:1.35"
    command: ["sh","-c","sleep 20; >/tmp/ok; exec sleep 1d"]
    healthcheck: { test: "test -e /tmp/ok", interval: 1s, retries: 3 }`,
    )
    const { code, stdout, stderr } = await up(slow, directory)
    expect(code, stdout + stderr).toBe(0)
    expect(stdout).toMatch(/^Ready after .*\n\n {2}db {2}8080 {2}\S+/)
    const again = await up(slow, directory)
    expect(again.stdout).toMatch(/^Ready after/)
    expect(again.stderr).not.toMatch(/watching whether/)
  })
})
