import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildImage, defaultOptions, provideImages } from '@landfall/local-cluster'
import { eventually, type Json, podReady, sharedCluster, testNamespace } from '@landfall/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { pods } from './pods.ts'

// Every image keeps the contract that people rely on, whether it is the original or made from packages.

const cluster = sharedCluster()
const options = { ...defaultOptions(process.env), name: cluster.name }
const namespace = testNamespace('images')
const silent = () => {}

const images = [
  ...new Set(pods.flatMap((pod) => (pod.kind === 'Pod' ? [pod.spec.containers[0].image] : []))),
]

/** Runs a shell command in a pod once it is ready. */
async function inPod(pod: string, script: string): Promise<string> {
  await eventually(300_000, async () => {
    const found = await namespace.get('pod', pod)
    if (!podReady(found)) throw new Error(`${pod}: ${JSON.stringify(found.status)}`)
  })
  return (await namespace.kubectl(['exec', pod, '--', 'sh', '-c', script])).trim()
}

async function answers(pod: string, script: string, answer: string | RegExp): Promise<void> {
  await eventually(300_000, async () => expect(await inPod(pod, script)).toMatch(answer))
}

/** The user of the container's first process. */
const owner = "awk '/^Uid/ { print $2 }' /proc/1/status"
const address = '"$(hostname -i)"'

beforeAll(async () => {
  const sources = await provideImages(cluster, options, images, silent)
  expect(sources.filter(({ from }) => from !== 'package' && from !== 'upstream')).toEqual([])
  await namespace.kubectl(['create', 'namespace', namespace.name])
  await namespace.kubectl(
    ['apply', '-f', '-'],
    JSON.stringify({ apiVersion: 'v1', kind: 'List', items: pods }),
  )
})

describe('a package image keeps the contract of its name', () => {
  test('redis answers other hosts, as its own user, with the options given', async () => {
    await answers('redis', `redis-cli -h ${address} config get maxmemory-policy`, 'allkeys-lru')
    await answers('redis', owner, /^999$/)
  })

  test('postgres runs its files once, asks for the password over the network, keeps its data', async () => {
    const ask = (password: string) =>
      `PGPASSWORD=${password} psql -h ${address} -U shop -d orders -Atc 'select count(*) from starts'`
    await answers('postgres', ask('s3cret'), /^2$/)
    await answers('postgres', `${ask('wrong')} 2>&1 || true`, 'password authentication failed')
    await answers('postgres', owner, /^999$/)
    await namespace.tryKubectl(['exec', 'postgres', '--', 'sh', '-c', 'kill -INT 1'])
    await eventually(300_000, async () => {
      const { status } = await namespace.get('pod', 'postgres')
      expect(status.containerStatuses[0].restartCount).toBe(1)
    })
    await answers('postgres', ask('s3cret'), /^2$/)
  })

  test.each([
    ['postgres-bare', 'superuser password is not specified'],
    ['mariadb-bare', 'Database is uninitialized and password option is not specified'],
  ])('%s does not start without a password, and says so', async (pod, message) => {
    await eventually(300_000, async () =>
      expect(await namespace.kubectl(['logs', pod])).toContain(message),
    )
    await eventually(300_000, async () => {
      const { status } = await namespace.get('pod', pod)
      expect(status.phase).toBe('Failed')
    })
  })

  test('mysql makes the database and the user, and nobody comes in without a password', async () => {
    const ask = `mysql -h ${address} -ushop -ps3cret orders -Ne 'select count(*) from starts'`
    await answers('mysql', ask, /^1$/)
    await answers('mysql', `mysql -h ${address} -uroot -Ne 'select 1' 2>&1 || true`, 'denied')
    await answers('mysql', "mysql -h 127.0.0.1 -uroot -ptop -Ne 'select 1'", /^1$/)
  })

  test('nginx fills its templates in and logs to the container', async () => {
    await answers('curl', 'curl -s http://nginx/', 'hello world from nginx')
    expect(await namespace.kubectl(['logs', 'nginx'])).toContain('"GET / HTTP/1.1" 200')
  })

  test('rabbitmq has the default user and virtual host asked for, and its management answers', async () => {
    await answers('rabbitmq', 'rabbitmqctl authenticate_user shop hop', 'Success')
    await answers('rabbitmq', 'rabbitmq-diagnostics -q check_port_connectivity', '')
    await answers('curl', 'curl -s -u shop:hop http://rabbitmq:15672/api/vhosts', '"name":"orders"')
  })

  test('mosquitto passes messages on with a mounted configuration', async () => {
    const script =
      'mosquitto_pub -h mosquitto -r -t t -m hello && mosquitto_sub -h mosquitto -t t -C 1 -W 5'
    await answers('mosquitto', script, /^hello$/)
  })

  test('zookeeper keeps a node and answers four letter words', async () => {
    await answers('zookeeper', 'zkCli.sh create /a b 2>&1; zkCli.sh get /a 2>/dev/null', /^b$/m)
    await answers('curl', 'echo ruok | timeout 3 nc zookeeper 2181', 'imok')
  })

  test('a registry, memcached and curl answer each other', async () => {
    await answers('curl', 'curl -s -o /dev/null -w "%{http_code}" http://registry:5000/v2/', '200')
    await answers('curl', 'printf "stats\\r\\nquit\\r\\n" | timeout 3 nc memcached 11211', 'STAT')
    await answers('curl', 'id -u; curl --version', /^100\ncurl 8\.14\.1 /)
  })

  test.each([
    ['node', 'process.version v18'],
    ['python', 'Python 3.11'],
    ['busybox', 'static'],
  ])('%s runs what it is given', async (pod, line) => {
    await eventually(300_000, async () =>
      expect(await namespace.kubectl(['logs', pod])).toContain(line),
    )
    await eventually(300_000, async () => {
      const { status }: Json = await namespace.get('pod', pod)
      expect(status.phase).toBe('Succeeded')
    })
  })
})

test('a version that cannot be had is told with those that can', async () => {
  const [postgres, consul] = await provideImages(
    cluster,
    options,
    ['postgres:9.6', 'registry.invalid/consul:1'],
    silent,
  )
  if (postgres?.from !== 'upstream')
    expect(postgres).toMatchObject({ from: 'missing', detail: expect.stringContaining('15') })
  expect(consul).toMatchObject({ from: 'missing' })
})

describe('a Dockerfile', () => {
  const context = mkdtempSync(join(tmpdir(), 'landfall-images-'))
  afterAll(() => rmSync(context, { recursive: true }))
  const build = (service: string, dockerfileInline: string) =>
    buildImage(
      cluster,
      options,
      { service, image: `images-${service}`, context, dockerfileInline, args: { GREETING: 'hi' } },
      silent,
    )

  test('is built once for all services that share it, and what it made runs', async () => {
    writeFileSync(join(context, 'file'), `${Date.now()}`)
    const dockerfile =
      'FROM busybox:1.35.0-musl\nARG GREETING\nRUN echo "$GREETING" > /greeting\nCOPY file /\nCMD ["cat", "/greeting"]\n'
    const first = await build('one', dockerfile)
    expect(first).toMatchObject({ ok: true, cached: false })
    const digest = first.ok ? first.digest : ''
    expect(await build('two', dockerfile)).toMatchObject({ ok: true, cached: true, digest })
    expect(await build('one', dockerfile)).toMatchObject({ ok: true, cached: true, digest })
    await namespace.kubectl([
      ...['run', 'built', `--image=images-two@${digest}`, '--restart=Never'],
      '--image-pull-policy=IfNotPresent',
    ])
    await eventually(300_000, async () =>
      expect(await namespace.kubectl(['logs', 'built'])).toBe('hi\n'),
    )
    expect(await provideImages(cluster, options, ['images-two'], silent)).toMatchObject([
      { from: 'build' },
    ])
  })

  test('without its folder is told', async () => {
    const failed = await buildImage(
      cluster,
      options,
      { service: 'none', image: 'images-none', context: join(context, 'absent'), args: {} },
      silent,
    )
    expect(failed).toMatchObject({ ok: false, message: expect.stringContaining('does not exist') })
  })

  test('that fails is told with its line and what was said', async () => {
    const failed = await build('broken', 'FROM busybox:1.35.0-musl\n\nRUN echo why; exit 3\n')
    expect(failed).toMatchObject({
      ok: false,
      line: 3,
      message: 'RUN echo why; exit 3 failed: exit status 3',
      output: expect.arrayContaining(['why']),
    })
  })
})
