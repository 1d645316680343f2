import {
  allReady,
  eventually,
  type Json,
  keepOnFailure,
  landfallOnCluster,
  repository,
  testNamespace,
} from '@landfall/testkit'
import { beforeAll, expect, test } from 'vitest'

const namespace = testNamespace('e2e-meaning')
const project = `${repository}e2e/convert/project`

beforeAll(async () => {
  await landfallOnCluster(namespace, 'up', [project])
  await eventually(300_000, () => allReady(namespace), 1000)
})

/** What a command prints inside the container of a service, without the last line break. */
async function inside(service: string, ...command: string[]): Promise<string> {
  keepOnFailure(namespace)
  const printed = await namespace.kubectl([
    'exec',
    `deployment/${service}`,
    '-c',
    service,
    '--',
    ...command,
  ])
  return printed.replace(/\n$/, '')
}

async function podOf(service: string): Promise<Json> {
  const [pod] = await namespace.list('pods', `app.kubernetes.io/name=${service}`)
  return pod
}

test.each(['data-store', 'store', 'the-store'])(
  'the service answers to %s on a port that nobody declared',
  async (name) => {
    expect(await inside('app', 'wget', '-q', '-O', '-', `http://${name}:8080/index.html`)).toBe(
      'stored',
    )
  },
)

test('names are rewritten where they are dialled, and nowhere else', async () => {
  expect(await inside('app', 'sh', '-c', 'echo $STORE_HOST $STORE_NAME')).toBe(
    'data-store data_store',
  )
  expect(await inside('app', 'cat', '/conf/app.ini')).toBe(
    '[app]\nhost = data-store\nname = data_store_2',
  )
})

test('a pod finds its own address under its own name', async () => {
  const { status } = await podOf('data-store')
  expect(await inside('data-store', 'hostname')).toBe('store')
  expect(await inside('data-store', 'cat', '/etc/hosts')).toMatch(
    new RegExp(`^${status.podIP}\\s+store$`, 'm'),
  )
  expect(await inside('app', 'cat', '/etc/hosts')).toMatch(/^10\.9\.8\.7\s+legacy$/m)
})

test('the program sees its environment, its command and its directory as under Compose', async () => {
  expect(await inside('app', 'sh', '-c', 'echo "$LITERAL|$EMPTY|$(env | grep -c ^EMPTY=)"')).toBe(
    'pa$$word $(HOSTNAME) $HOME||1',
  )
  expect(await inside('app', 'cat', '/tmp/said')).toBe('app /bin/sh')
  expect(await inside('app', 'pwd')).toBe('/conf')
  expect(await inside('app', 'sh', '-c', 'env | grep -c _SERVICE_HOST=')).toBe('1')
})

test('files are at their paths with their bytes and modes, and nothing beside them', async () => {
  expect((await inside('app', 'find', '/conf')).split('\n').sort().join('\n')).toBe(
    '/conf\n/conf/app.ini\n/conf/nested\n/conf/nested/bytes.bin\n/conf/run.sh',
  )
  expect(await inside('app', 'stat', '-c', '%a', '/conf/run.sh')).toBe('755')
  expect(await inside('app', '/usr/local/run.sh')).toBe('ran')
  expect(await inside('app', 'od', '-An', '-tx1', '/conf/nested/bytes.bin')).toMatch(/^ *00 ff 01$/)
  expect(await inside('app', 'stat', '-c', '%a', '/run/secrets/key')).toBe('400')
  expect(await inside('app', 'cat', '/run/secrets/key')).toBe('hop-hop')
})

test('a volume is first filled from the image, with owners and modes, and shared', async () => {
  expect(await inside('app', '/tools/busybox', 'echo', 'copied')).toBe('copied')
  expect(await inside('app', 'stat', '-c', '%u:%g %a', '/tools')).toBe(
    await inside('quiet', 'stat', '-c', '%u:%g %a', '/bin'),
  )
  expect(await inside('app', 'ls', '-A', '/tools')).not.toContain('.landfall')
  expect(await inside('app', 'cat', '/shared/from-store')).toBe('stored')
  expect(await inside('app', 'sh', '-c', 'touch /scratch/x && echo writes')).toBe('writes')
})

test('those who share a volume run on one node, and one-shots ran once', async () => {
  expect(await inside('app', 'cat', '/shared/runs')).toBe('run')
  const nodes = new Set(
    (await namespace.list('pods', 'landfall.dev/volume-group')).map((pod) => pod.spec.nodeName),
  )
  expect(nodes.size).toBe(1)
})

test('the order of starts is the declared one, and started does not mean ready', async () => {
  const startOf = async (service: string): Promise<number> => {
    const { status } = await podOf(service)
    return Date.parse(
      status.containerStatuses[0].state.running?.startedAt ??
        status.containerStatuses[0].state.terminated.startedAt,
    )
  }
  const app = await startOf('app')
  for (const service of ['data-store', 'quiet', 'late', 'marker', 'count'])
    expect(await startOf(service)).toBeLessThanOrEqual(app)
  const late = await podOf('late')
  const ready = late.status.conditions.find((condition: Json) => condition.type === 'Ready')
  expect(Date.parse(ready.lastTransitionTime)).toBeGreaterThan(
    Date.parse(late.status.containerStatuses[0].state.running.startedAt) + 7000,
  )
})

test('up again changes nothing', async () => {
  const before = await namespace.list('pods')
  await landfallOnCluster(namespace, 'up', [project])
  const names = (pods: Json[]) => pods.map((pod) => pod.metadata.uid).sort()
  expect(names(await namespace.list('pods'))).toEqual(names(before))
})
