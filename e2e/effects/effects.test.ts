import { fileURLToPath } from 'node:url'
import { eventually, keepOnFailure, landfallOnCluster, testNamespace } from '@landfall/testkit'
import { beforeAll, expect, test } from 'vitest'

// Effects that are found out in the protocols of ZooKeeper, RabbitMQ, MariaDB and PostgreSQL, with the real programs.

const namespace = testNamespace('e2e-effects')
const project = fileURLToPath(new URL('project', import.meta.url))

let up: Promise<{ stdout: string }> = Promise.reject(new Error('not started'))
up.catch(() => {})

beforeAll(async () => {
  up = landfallOnCluster(namespace, 'up', [project])
  up.catch(() => {})
  await eventually(300_000, async () => {
    for (const service of ['zk', 'mq', 'db', 'pg'])
      expect((await podOf(service))?.status.containerStatuses?.[0]?.ready, service).toBe(true)
  })
})

const podOf = async (service: string) =>
  (await namespace.list('pods', `app.kubernetes.io/name=${service}`))[0]

/** The last line of the gate that a service waits in, and whether it waits. */
async function gateOf(service: string): Promise<{ waits: boolean; line: string }> {
  const pod = await podOf(service)
  const gates: { name: string; state: { running?: object } }[] =
    pod?.status.initContainerStatuses ?? []
  const running = gates.find(({ state }) => state.running !== undefined)
  if (running === undefined) return { waits: false, line: '' }
  const log = await namespace.kubectl(['logs', pod.metadata.name, '-c', running.name])
  return { waits: true, line: log.trim().split('\n').at(-1) ?? '' }
}

const waitsFor = (service: string, line: string) =>
  eventually(120_000, async () =>
    expect(await gateOf(service)).toEqual({ waits: true, line: `waiting for ${line}` }),
  )

const starts = (service: string) =>
  eventually(180_000, async () =>
    expect((await podOf(service))?.status.containerStatuses?.[0]?.ready, service).toBe(true),
  )

test('ZooKeeper: a node starts when the znode of the one before is gone', async () => {
  keepOnFailure(namespace)
  await waitsFor('node', 'the end of znode zk 2181 /otter/lock')
  await namespace.kubectl([
    'exec',
    'deploy/zk',
    '--',
    'zkCli.sh',
    '-server',
    'localhost:2181',
    'delete',
    '/otter/lock',
  ])
  await starts('node')
})

test('SQL: a one-shot is done by its row, and a service starts when the other row is gone', async () => {
  keepOnFailure(namespace)
  await waitsFor('manager', 'the end of rows mysql db 3306 LOGIN_2 SELECT 1 FROM node WHERE id = 2')
  await inDatabase(
    'db',
    'mariadb -u root -p"$MARIADB_ROOT_PASSWORD" otter -e "DELETE FROM node WHERE id = 2"',
  )
  await starts('manager')
})

test('a row of a table that does not exist yet, then the consumer of a queue', async () => {
  keepOnFailure(namespace)
  await waitsFor('consumer', 'pg: ERROR:  relation "allowed" does not exist')
  await waitsFor('sender', 'queue tasks: there is no such queue at http://mq:15672')
  await inDatabase(
    'pg',
    'psql -U me -c "CREATE TABLE allowed (a INT)" -c "INSERT INTO allowed VALUES (1)"',
  )
  await starts('consumer')
  await starts('sender')
})

const inDatabase = (service: string, command: string) =>
  namespace.kubectl(['exec', `deploy/${service}`, '--', 'sh', '-c', command])

test('the release is ready, and no password is readable', async () => {
  keepOnFailure(namespace)
  const { stdout } = await up
  // Job db-seed is complete: nothing but a gate sends queries
  expect(stdout).toMatch(/^Not tested: .*one-shots.* job\/\S+: only gates test \w+/m)
  const objects = await namespace.list('configmaps,pods,deployments,jobs,services,events')
  const logs: string[] = []
  for (const { kind, metadata, spec } of objects)
    if (kind === 'Pod')
      for (const { name } of [...(spec.initContainers ?? []), ...spec.containers])
        if (!['db', 'mq', 'pg', 'zk'].includes(name))
          logs.push(await namespace.kubectl(['logs', metadata.name, '-c', name]))
  const readable = [stdout, JSON.stringify(objects), ...logs].join('\n')
  expect(readable).toContain('wait-for-rows-of-db')
  // The number alone would be found in uids.
  expect(readable).not.toMatch(/pass-4711|swordfish|sesame/)
})
