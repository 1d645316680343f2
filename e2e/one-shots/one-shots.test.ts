import { fileURLToPath } from 'node:url'
import {
  allReady,
  eventually,
  type Json,
  keepOnFailure,
  landfallOnCluster,
  type Namespace,
  testNamespace,
} from '@landfall/testkit'
import { beforeAll, describe, expect, test } from 'vitest'

// Programs that do their work once, which no declaration of their own makes one-shots.

const pathOf = (project: string) => fileURLToPath(new URL(project, import.meta.url))

/** What a command prints in the container of a service, in the pod of a Deployment. */
async function inside(
  namespace: Namespace,
  [deployment, container]: readonly [string, string],
  command: readonly string[],
): Promise<string> {
  const place = ['exec', `deployment/${deployment}`, '-c', container, '--']
  return (await namespace.kubectl([...place, ...command])).trim()
}

/** How often containers of the pods of a service have started again. */
async function restartsOf(namespace: Namespace, service: string): Promise<number> {
  const pods = await namespace.list('pods', `app.kubernetes.io/name=${service}`)
  const statuses = pods.flatMap(({ status }: Json) => [
    ...(status.initContainerStatuses ?? []),
    ...status.containerStatuses,
  ])
  return statuses.reduce((sum: number, { restartCount }: Json) => sum + restartCount, 0)
}

/** All pods go at once, as when the power comes back; the Jobs stay as they are. */
async function loseAllPods(namespace: Namespace): Promise<void> {
  const before = new Set((await namespace.list('pods')).map(({ metadata }) => metadata.uid))
  await namespace.kubectl(['delete', 'pods', '--all', '--wait=false'])
  await eventually(300_000, async () => {
    const pods = await namespace.list('pods')
    expect(pods.filter(({ metadata }) => before.has(metadata.uid))).toEqual([])
    await allReady(namespace)
  })
}

/** Names of the Jobs without their hashes, sorted. */
async function jobsOf(namespace: Namespace): Promise<string[]> {
  const jobs = await namespace.list('jobs')
  return jobs.map(({ metadata }) => metadata.labels['app.kubernetes.io/name']).sort()
}

describe('healthy while it works', () => {
  const namespace = testNamespace('e2e-one-shots-setup')
  const reader = ['reader', 'reader'] as const
  const lines = async (file: string) =>
    (await inside(namespace, reader, ['cat', file])).split('\n').length
  beforeAll(() => landfallOnCluster(namespace, 'up', [pathOf('setup')]))

  test('those who wait for its health start before its end, and it runs once', async () => {
    keepOnFailure(namespace)
    await allReady(namespace)
    expect(await jobsOf(namespace)).toEqual(['prepare'])
    expect([await lines('/shared/runs'), await lines('/shared/ends')]).toEqual([1, 1])
    expect(await restartsOf(namespace, 'store')).toBe(0)
  })

  test('when all pods come back it is done already, and nobody waits for it', async () => {
    keepOnFailure(namespace)
    await loseAllPods(namespace)
    expect([await lines('/shared/runs'), await lines('/shared/ends')]).toEqual([1, 1])
  })
})

describe('in the network of a server', () => {
  const namespace = testNamespace('e2e-one-shots-beside')
  const inStore = (...command: string[]) => inside(namespace, ['store', 'store'], command)
  beforeAll(() => landfallOnCluster(namespace, 'up', [pathOf('beside')]))

  test('each runs once, in order, and the pod goes on', async () => {
    keepOnFailure(namespace)
    await allReady(namespace)
    expect(await jobsOf(namespace)).toEqual([])
    expect(await inStore('redis-cli', 'get', 'initiated')).toBe('1')
    expect(await namespace.kubectl(['logs', 'deployment/store', '-c', 'seed'])).toContain('seeded')
    expect(await namespace.kubectl(['logs', 'deployment/app', '-c', 'app'])).toBe('yes\n')
    expect(await restartsOf(namespace, 'store')).toBe(0)
  })

  test('a new pod runs them again, as a container that is made again would', async () => {
    keepOnFailure(namespace)
    await loseAllPods(namespace)
    expect(await inStore('redis-cli', 'get', 'initiated')).toBe('2')
  })
})

describe('shown by command, name and policy', () => {
  const namespace = testNamespace('e2e-one-shots-migrator')
  const count = async (key: string) =>
    Number(await inside(namespace, ['db', 'db'], ['redis-cli', 'get', key]))
  let printed = ''
  beforeAll(async () => {
    printed = (await landfallOnCluster(namespace, 'up', [pathOf('migrator')])).stderr
  })

  test('what ends is a Job, with the line that takes it back; what runs on is none', async () => {
    keepOnFailure(namespace)
    expect(await jobsOf(namespace)).toEqual(['init-db', 'migrator'])
    expect(printed).toMatch(/migrator runs once, as a Job[\s\S]*services\.migrator\.oneShot: false/)
    expect(printed).not.toContain('seed-loop runs once')
  })

  test('one that fails runs again until it succeeds, and then never', async () => {
    keepOnFailure(namespace)
    expect(await count('attempts')).toBe(3)
    expect(await count('migrated')).toBe(1)
    await loseAllPods(namespace)
    expect(await count('attempts')).toBe(3)
    expect(await count('init-db')).toBe(1)
  })

  test('a server with the same policy and a service that was taken back run on', async () => {
    keepOnFailure(namespace)
    const [worked, kept] = [await count('worked'), await count('kept')]
    await eventually(300_000, async () => {
      expect(await count('worked')).toBeGreaterThan(worked)
      expect(await count('kept')).toBeGreaterThan(kept)
    })
  })
})
