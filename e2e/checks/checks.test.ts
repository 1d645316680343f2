import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { fileURLToPath } from 'node:url'
import {
  addressIn,
  askJson,
  keepOnFailure,
  landfallOnCluster,
  type Namespace,
  testNamespace,
} from '@landfall/testkit'
import { afterAll, expect, test } from 'vitest'

// What "it works" means for a project, tested inside the cluster: by `up`, by `rollback`, and by `landfall test`.

const root = await mkdtemp(`${tmpdir()}/landfall-checks-`)
afterAll(() => rm(root, { recursive: true, force: true }))

const orders = testNamespace('e2e-checks-orders')
const deadly = testNamespace('e2e-checks-deadly')

/** A copy of the project with these variables in its .env file. */
async function project(name: string, variables: Record<string, string> = {}): Promise<string> {
  const directory = `${root}/${name}`
  await cp(fileURLToPath(new URL('project', import.meta.url)), directory, { recursive: true })
  const lines = Object.entries({ TOKEN: 'open-sesame', ...variables })
  await writeFile(`${directory}/.env`, lines.map(([key, value]) => `${key}=${value}\n`).join(''))
  return directory
}

const history = async (namespace: Namespace): Promise<string[]> => {
  const { stdout } = await landfallOnCluster(namespace, 'history', [
    ...['-p', 'checks', '--output', 'json'],
  ])
  return JSON.parse(stdout).revisions.map(
    ({ number, state, of }: { number: number; state: string; of?: number }) =>
      `${number} ${state}${of === undefined ? '' : ` of ${of}`}`,
  )
}

const versionAt = async (address: string) => (await askJson(`${address}/`)).body.version

test('`up` ends with the checks; those that fail take the revision back, named by their line', async () => {
  const namespace = orders
  keepOnFailure(namespace)
  const { stdout } = await landfallOnCluster(namespace, 'up', [await project('one')])
  expect(stdout).toContain('checks: 4 of 4 hold')
  const address = addressIn(stdout)

  const broken = await project('broken', { VERSION: 'two', BROKEN: 'yes' })
  const failed = await landfallOnCluster(namespace, 'up', [broken], 1)
  expect(failed.stdout).toMatch(/landfall\.yaml:9:\d+: error: check order: the check fails/)
  expect(failed.stdout).toMatch(
    /step 1, POST http:\/\/orders-api:8000\/orders: status 500 instead of 201; got: \{"error": "no database"\}/,
  )
  expect(failed.stdout).toContain('checks: 3 of 4 hold')
  expect(failed.stdout).toContain('Back to revision 1: ready again')
  expect(await versionAt(address)).toBe('one')

  const locked = await project('locked', { TOKEN: 'wrong-password' })
  const refused = await landfallOnCluster(namespace, 'up', [locked], 1)
  expect(refused.stdout).toContain('status 401 instead of 201')
  expect(refused.stdout + refused.stderr).not.toContain('wrong-password')
  expect(await history(namespace)).toEqual([
    '1 ready',
    '2 failed',
    '3 ready of 1',
    '4 failed',
    '5 ready of 3',
  ])
  const pods = await namespace.list('pods')
  const left = pods.filter(({ metadata }) => metadata.name.startsWith('landfall-check-'))
  expect(left.filter(({ metadata }) => metadata.deletionTimestamp === undefined)).toEqual([])
})

test('`landfall test` and `rollback` run the checks of the release without the files of the project', async () => {
  const namespace = orders
  keepOnFailure(namespace)
  const { stdout } = await landfallOnCluster(namespace, 'up', [
    await project('two', { VERSION: 'two' }),
  ])
  expect(stdout).toContain('checks: 4 of 4 hold')
  const address = addressIn(stdout)
  const named = ['-p', 'checks']
  const all = await landfallOnCluster(namespace, 'test', named)
  expect(all.stdout).toContain('checks: 4 of 4 hold')
  const one = await landfallOnCluster(namespace, 'test', ['order', ...named])
  expect(one.stdout).toContain('checks: 1 of 1 hold')
  const none = await landfallOnCluster(namespace, 'test', ['ordr', ...named], 2)
  expect(none.stderr).toContain('it has names, version, order, cache')

  await fetch(`${address}/break`, { method: 'POST' })
  const failing = await landfallOnCluster(namespace, 'test', [...named, '--output', 'json'], 1)
  const tested = JSON.parse(failing.stdout.trim().split('\n').at(-1) ?? '')
  expect(tested).toMatchObject({ type: 'tested', state: 'fails', revision: 6 })
  expect(tested.checks.map(({ state }: { state: string }) => state)).toEqual([
    'holds',
    'holds',
    'fails',
    'holds',
  ])

  const rolledBack = await landfallOnCluster(namespace, 'rollback', ['5', ...named])
  expect(rolledBack.stdout).toContain('checks: 4 of 4 hold')
  expect(await versionAt(address)).toBe('one')
  const maps = JSON.stringify(await namespace.list('configmaps,pods,deployments'))
  expect(maps).not.toContain('open-sesame')
})

test('a program that ends because of a check is the cause, and not the check', async () => {
  const namespace = deadly
  keepOnFailure(namespace)
  const directory = await project('deadly')
  await writeFile(
    `${directory}/landfall.yaml`,
    'checks: { end: { http: "http://api:8000/die", method: POST, status: [200] } }\n',
  )
  const { stdout } = await landfallOnCluster(namespace, 'up', [directory], 1)
  expect(stdout).toMatch(/api: exited with code 9/)
})
