import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { fileURLToPath } from 'node:url'
import {
  allReady,
  eventually,
  type Json,
  keepOnFailure,
  landfallOnCluster,
  testNamespace,
} from '@landfall/testkit'
import { beforeAll, expect, test } from 'vitest'
import { keptRelease } from './kept-release.ts'

// What a project declares for run time: services that restart with others, one-shots whose effect is gone, and who is alive for others.

const namespace = testNamespace('e2e-keeper')
const project = fileURLToPath(new URL('project', import.meta.url))

beforeAll(async () => {
  await landfallOnCluster(namespace, 'up', [project])
})

/** 10 s is what a person would call soon; beside other suites nothing is measured. */
const SOON_MS = process.env.LANDFALL_KEEPER_FAULTS === undefined ? 60_000 : 10_000

const { podsOf, podOf, ask, stateOf, actsOf, healed } = keptRelease(namespace)

/** Milliseconds since 1970. */
const readyAt = ({ status }: Json): number =>
  Date.parse(status.conditions.find(({ type }: Json) => type === 'Ready').lastTransitionTime)
const startedAt = ({ status, spec }: Json): number =>
  Date.parse(
    status.containerStatuses.find(({ name }: Json) => name === spec.containers[0].name).state
      .running.startedAt,
  )

const revisionOf = async (service: string): Promise<number> =>
  (await namespace.get('deployment', service)).metadata.generation

const restartsSince = async (before: Json[], service: string): Promise<Json[]> => {
  const last = before.at(-1)?.at ?? ''
  return (await actsOf(service)).filter(({ at }) => at > last)
}

test('after an up nothing restarts', async () => {
  keepOnFailure(namespace)
  await healed()
  for (const service of ['master', 'worker', 'reader']) expect(await actsOf(service)).toEqual([])
})

test('a pod of the dependency is replaced: dependants restart once, in order, soon', async () => {
  keepOnFailure(namespace)
  const before = await Promise.all(['master', 'worker', 'store'].map(revisionOf))
  await namespace.kubectl(['delete', 'pod', (await podOf('broker')).metadata.name, '--wait=false'])
  await healed()
  const [broker, master, worker] = (await Promise.all(
    ['broker', 'master', 'worker'].map(podOf),
  )) as Json[]
  const [ofMaster, ofWorker] = (await Promise.all(['master', 'worker'].map(actsOf))) as Json[][]
  expect([ofMaster?.length, ofWorker?.length]).toEqual([1, 1])
  expect(await Promise.all(['master', 'worker', 'store'].map(revisionOf))).toEqual([
    (before[0] as number) + 1,
    (before[1] as number) + 1,
    before[2],
  ])
  const first = Date.parse(ofMaster?.[0].at) - readyAt(broker)
  const second = Date.parse(ofWorker?.[0].at) - readyAt(master)
  process.stderr.write(`  restarts after ${first / 1000} s and ${second / 1000} s\n`)
  expect(first).toBeLessThan(SOON_MS)
  expect(second).toBeLessThan(SOON_MS)
  expect(startedAt(master)).toBeGreaterThanOrEqual(readyAt(broker))
  expect(startedAt(worker)).toBeGreaterThanOrEqual(readyAt(master))
})

test('a container of the dependency is killed: the same', async () => {
  keepOnFailure(namespace)
  const before = (await Promise.all(['master', 'worker'].map(actsOf))) as [Json[], Json[]]
  // The container can end before the command does: what counts is that it restarts.
  await namespace.tryKubectl([
    'exec',
    'deploy/broker',
    '-c',
    'broker',
    '--',
    'node',
    '-e',
    'process.kill(1, 9); process.kill(1, 15)',
  ])
  await eventually(90_000, async () => {
    const [status] = (await podOf('broker')).status.containerStatuses
    expect(status.restartCount).toBeGreaterThan(0)
  })
  await healed()
  expect(await restartsSince(before[0], 'master')).toHaveLength(1)
  expect(await restartsSince(before[1], 'worker')).toHaveLength(1)
})

test('the effect of a one-shot is gone: it runs again, and who restarts with it restarts', async () => {
  keepOnFailure(namespace)
  const [seed] = await namespace.list('jobs')
  await namespace.kubectl(['delete', 'pod', (await podOf('store')).metadata.name, '--wait=false'])
  await healed()
  const [again, ...others] = await namespace.list('jobs')
  expect(others).toEqual([])
  expect(again.metadata.name).toBe(seed.metadata.name)
  expect(again.metadata.uid).not.toBe(seed.metadata.uid)
  expect(again.metadata.labels).toEqual(seed.metadata.labels)
  expect(await actsOf('reader')).toHaveLength(1)
})

test('what restarted is no drift: status, diff and up find nothing to do', async () => {
  keepOnFailure(namespace)
  const pods = (await namespace.list('pods')).map(({ metadata }) => metadata.uid).sort()
  const { stdout } = await landfallOnCluster(namespace, 'diff', [project])
  expect(stdout).toContain('No difference')
  await landfallOnCluster(namespace, 'up', [project])
  await landfallOnCluster(namespace, 'status', [project])
  expect((await namespace.list('pods')).map(({ metadata }) => metadata.uid).sort()).toEqual(pods)
})

// waits until everything has stayed up, twice
test.skipIf(process.env.LANDFALL_KEEPER_FAULTS === undefined)(
  'landfall restart: those that restart with it do so once, by the keeper',
  async () => {
    keepOnFailure(namespace)
    const before = await Promise.all(['broker', 'master', 'worker'].map(revisionOf))
    await landfallOnCluster(namespace, 'restart', ['broker', '-p', 'kept'])
    await healed()
    const after = await Promise.all(['broker', 'master', 'worker'].map(revisionOf))
    expect(after.map((revision, index) => revision - (before[index] ?? 0))).toEqual([1, 1, 1])
  },
)

test('an update of both: who restarts with the dependency starts with its new pod', async () => {
  keepOnFailure(namespace)
  const before = await actsOf('master')
  const files = await mkdtemp(`${tmpdir()}/landfall-keeper-`)
  await writeFile(`${files}/env`, 'VERSION=2\n')
  await landfallOnCluster(namespace, 'up', [project, '--env-file', `${files}/env`])
  await rm(files, { recursive: true })
  await healed()
  const [broker, master] = await Promise.all(['broker', 'master'].map(podOf))
  expect(startedAt(master)).toBeGreaterThanOrEqual(startedAt(broker))
  // its gate has waited: its own start counts
  expect(await restartsSince(before, 'master')).toEqual([])
})

test('a service that another no longer knows is restarted', async () => {
  keepOnFailure(namespace)
  const before = await actsOf('worker')
  const { id } = await stateOf('worker')
  await ask('master', 'forget')
  await eventually(180_000, async () => expect((await stateOf('worker')).id).not.toBe(id))
  await healed()
  const [restart, ...more] = await restartsSince(before, 'worker')
  expect(more).toEqual([])
  expect(restart.why).toContain('worker-1')
})

test('a dependency that is replaced while the keeper is away', async () => {
  keepOnFailure(namespace)
  const before = await actsOf('master')
  await namespace.kubectl(['scale', 'deploy/landfall-keeper', '--replicas=0'])
  await eventually(90_000, async () => expect(await podsOf('landfall-keeper')).toEqual([]))
  await namespace.kubectl(['delete', 'pod', (await podOf('broker')).metadata.name])
  await eventually(180_000, async () => allReady(namespace))
  expect(await restartsSince(before, 'master')).toEqual([])
  await namespace.kubectl(['scale', 'deploy/landfall-keeper', '--replicas=1'])
  await healed()
  expect(await restartsSince(before, 'master')).toHaveLength(1)
})

test('the keeper is small', async () => {
  keepOnFailure(namespace)
  const pod = await podOf('landfall-keeper')
  const at = (path: string) => namespace.kubectl(['exec', pod.metadata.name, '--', 'cat', path])
  // what is read of files can be given back
  const own = Number(/RssAnon:\s+(\d+) kB/.exec(await at('/proc/1/status'))?.[1]) / 1024
  const ticks = async () => {
    const [, , ...rest] = (await at('/proc/1/stat')).split(/ |\) /)
    return Number(rest[10]) + Number(rest[11])
  }
  const first = await ticks()
  await new Promise((resolve) => setTimeout(resolve, 10_000))
  const milli = (await ticks()) - first
  process.stderr.write(`  keeper: ${Math.round(own)} MiB, ${milli} m CPU\n`)
  expect(own).toBeLessThan(64)
})
