import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import {
  eventually,
  type Json,
  keepOnFailure,
  landfallOnCluster,
  testNamespace,
} from '@landfall/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'

// The database outside of the project becomes another one by one value: everything goes there, and nothing to the old one.

const databases = testNamespace('e2e-retargeted-databases')
const namespace = testNamespace('e2e-retargeted')
const root = await mkdtemp(`${tmpdir()}/landfall-retargeted-`)
afterAll(() => rm(root, { recursive: true, force: true }))
const pathOf = (name: string) => fileURLToPath(new URL(name, import.meta.url))

const up = async (database: string) => {
  const host = `${database}.${databases.name}.svc.cluster.local`
  await writeFile(
    `${root}/landfall.yaml`,
    `external: { database: { host: ${host} } }
services:
  writer:
    waitsFor:
      - sql:
          to: database:3306
          query: SELECT 1 FROM information_schema.tables WHERE table_name = 'orders'
          user: shop
          password: { secret: database, key: password }
          database: shop
`,
  )
  await landfallOnCluster(namespace, 'up', [root])
}

/** What a query gives in a database; an error is a text as well. */
async function query(database: string, sql: string): Promise<string> {
  const client = ['mariadb', '-N', '-u', 'shop', '-pnot-a-secret-here', 'shop', '-e', sql]
  const place = ['exec', `deploy/${database}`, '-c', database, '--']
  const { stdout, stderr } = await databases.tryKubectl([...place, ...client])
  return (stdout + stderr).trim()
}
const rowsIn = async (database: string) =>
  Number(await query(database, 'SELECT COUNT(*) FROM orders'))

beforeAll(async () => {
  await cp(pathOf('project'), root, { recursive: true })
  await writeFile(`${root}/.env`, 'DB_PASSWORD=not-a-secret-here\n')
  await landfallOnCluster(databases, 'up', [pathOf('databases')])
  await namespace.kubectl(['create', 'namespace', namespace.name])
  const password = '--from-literal=password=not-a-secret-here'
  await namespace.kubectl(['create', 'secret', 'generic', 'database', password])
  await up('one')
})

test('rows are written to the first database only', async () => {
  keepOnFailure(namespace)
  const before = await rowsIn('one')
  await eventually(90_000, async () => expect(await rowsIn('one')).toBeGreaterThan(before))
  expect(await query('two', 'SHOW TABLES')).toBe('')
  const [pod] = await namespace.list('pods', 'app.kubernetes.io/name=writer')
  expect(pod.spec.initContainers.map(({ name }: Json) => name)).toContain(
    'wait-for-rows-of-database-3306',
  )
})

test('with another host the schema is made there, and all rows go there', async () => {
  keepOnFailure(namespace)
  const [schema] = await namespace.list('jobs')
  await up('two')
  const last = await rowsIn('one')
  const before = await rowsIn('two')
  await pause(3_000)
  expect(await rowsIn('one')).toBe(last)
  expect(await rowsIn('two')).toBeGreaterThan(before)
  const other = (await namespace.list('jobs')).find(
    ({ metadata }) => metadata.uid !== schema.metadata.uid,
  )
  expect(other?.status.succeeded).toBe(1)
})

test('and back: nothing is made twice, and all rows go to the first one again', async () => {
  keepOnFailure(namespace)
  await up('one')
  const [one, two] = [await rowsIn('one'), await rowsIn('two')]
  await pause(3_000)
  expect(await rowsIn('one')).toBeGreaterThan(one)
  expect(await rowsIn('two')).toBe(two)
})
