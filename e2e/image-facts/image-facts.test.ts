import { cp, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { fileURLToPath } from 'node:url'
import { defaultOptions, provideImages } from '@landfall/local-cluster'
import {
  allReady,
  eventually,
  keepOnFailure,
  landfall,
  landfallOnCluster,
  sharedCluster,
  testNamespace,
} from '@landfall/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'

const cluster = sharedCluster()
const namespace = testNamespace('e2e-image-facts')
const project = await mkdtemp(`${tmpdir()}/landfall-image-facts-`)
const images = ['busybox:1.35.0', 'debian:12', 'postgres:15', 'redis:7.0']

beforeAll(async () => {
  await cp(fileURLToPath(new URL('project', import.meta.url)), project, { recursive: true })
  await provideImages(
    cluster,
    { ...defaultOptions(process.env), name: cluster.name },
    images,
    () => {},
  )
})

afterAll(() => rm(project, { recursive: true, force: true }))

test('landfall lock reads a real registry; a second run learns nothing new', async () => {
  const lock = () => landfall(['lock', project, '--mirror', `http://${cluster.packageRegistry}`])
  const { code, stdout, stderr } = await lock()
  expect(code, stderr).toBe(0)
  expect(stdout).toContain('landfall.lock lists 4 images.')
  const text = await readFile(`${project}/landfall.lock`, 'utf8')
  const known = JSON.parse(text).images
  expect(Object.keys(known)).toEqual(images)
  for (const image of images) {
    const [name, tag] = image.split(':')
    const answer = await fetch(
      `http://${cluster.packageRegistry}/v2/library/${name}/manifests/${tag}`,
      {
        method: 'HEAD',
        headers: { accept: 'application/vnd.docker.distribution.manifest.v2+json' },
      },
    )
    expect(known[image].digest).toBe(answer.headers.get('docker-content-digest'))
  }
  expect(known['redis:7.0']).toMatchObject({ ports: ['6379/tcp'], volumes: ['/data'] })

  expect((await lock()).stdout).toBe('landfall.lock lists 4 images.\n')
  expect(await readFile(`${project}/landfall.lock`, 'utf8')).toBe(text)
})

test('the project starts with what its images say', async () => {
  keepOnFailure(namespace)
  await landfallOnCluster(namespace, 'up', [project, '--offline'])
  await eventually(300_000, () => allReady(namespace), 1000)
})

/** What a command prints inside the container of a service, without the last line break. */
async function inside(service: string, script: string): Promise<string> {
  keepOnFailure(namespace)
  const target = [`deployment/${service}`, '-c', service]
  const printed = await namespace.kubectl(['exec', ...target, '--', 'sh', '-c', script])
  return printed.replace(/\n$/, '')
}

test('a user by name is the one of the image', async () => {
  expect(await inside('cache', 'id -u; id -g')).toBe(
    await inside('cache', 'id -u redis; id -g redis'),
  )
})

test('an exposed port is reached by the name of its service', async () => {
  expect(await inside('command-of-the-image', 'redis-cli -h cache ping')).toBe('PONG')
  const { spec } = await namespace.get('service', 'db')
  expect(spec.ports).toMatchObject([{ port: 5432 }])
})

test('without an entrypoint the command of the image is the program', async () => {
  expect(await inside('command-of-the-image', 'redis-cli ping; cat /proc/1/comm')).toMatch(
    /^PONG\nredis-server$/,
  )
})

test('a database whose volume is named by its image alone has it with its owner and mode', async () => {
  expect(await inside('db', 'stat -c "%U %a" "$PGDATA"')).toBe('postgres 700')
  expect(await inside('db', 'psql -U postgres -Atc "select 1"')).toBe('1')
})

test('a volume of the image has its content, owner and mode, and outlives a crash of the program', async () => {
  expect(await inside('app', 'cat /kept/first; stat -c "%u:%g %a" /kept; id -u')).toBe(
    'from the image\n1234:4321 750\n1234',
  )
  // the program ends in a moment: what this command exits with is not certain
  await inside('app', 'echo mine > /kept/second; (sleep 1; touch /tmp/crash) >/dev/null 2>&1 &')
  await eventually(
    300_000,
    async () => {
      const [pod] = await namespace.list('pods', 'app.kubernetes.io/name=app')
      expect(pod.status.containerStatuses[0].restartCount).toBe(1)
      expect(await inside('app', 'cat /kept/second')).toBe('mine')
    },
    1000,
  )
})

test('a health check of the image is a readiness probe, and a dependency waits for it', async () => {
  const { spec } = await namespace.get('deployment', 'app')
  expect(spec.template.spec.containers[0].readinessProbe).toMatchObject({
    exec: { command: ['/bin/sh', '-c', 'test -e /kept/started'] },
    periodSeconds: 2,
  })
  const client = await namespace.get('deployment', 'client')
  expect(client.spec.template.spec.initContainers[0].name).toBe('wait-for-app-cache')
})
