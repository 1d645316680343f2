import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { fileURLToPath } from 'node:url'
import {
  allReady,
  eventually,
  type Finished,
  keepOnFailure,
  landfall,
  landfallOnCluster,
  pages,
  testNamespace,
} from '@landfall/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { hasHelm, helmIn, nodePortAddress, tryHelm } from './helm.ts'

// The chart of a project through its life with the real helm: nobody who asks for the page is left without.

const namespace = testNamespace('e2e-chart')
/** The same project by `landfall up`, so that the images are there. */
const byUp = testNamespace('e2e-chart-up')
const second = testNamespace('e2e-chart-second')
const scratch = await mkdtemp(`${tmpdir()}/landfall-chart-`)
const project = `${scratch}/project`
const chart = `${scratch}/chart`
const secrets = `${scratch}/secrets.yaml`
afterAll(() => rm(scratch, { recursive: true, force: true }))

const helm = (...args: string[]) => helmIn(namespace, ...args)

/** Helm waits for new pods, not for the end of the old ones. */
const rolledOut = () => namespace.kubectl(['rollout', 'status', 'deployment/web', '--timeout=5m'])

async function upgrade(...args: string[]): Promise<void> {
  await helm('upgrade', 'page', chart, '-f', secrets, '--wait', '--timeout', '5m', ...args)
  await rolledOut()
}

async function back(...to: string[]): Promise<void> {
  await helm('rollback', 'page', ...to, '--wait', '--timeout', '5m')
  await rolledOut()
}

async function convert(): Promise<string> {
  const { code, stdout, stderr } = await landfall([
    ...['convert', project, '--format', 'helm', '-o', chart],
  ])
  if (code !== 0) throw new Error(`landfall convert: exit ${code}\n${stdout}${stderr}`)
  return stdout
}

const page = async (): Promise<string> => (await fetch(await nodePortAddress(namespace))).text()

/** Runs something while the page is asked for all the time: all answers that came. */
async function asked(work: () => Promise<unknown>): Promise<string[]> {
  const loop = pages(await nodePortAddress(namespace))
  try {
    await work()
  } finally {
    await loop.end()
  }
  return [...(await loop.end()).keys()].sort()
}

beforeAll(async () => {
  if (!hasHelm) return
  await cp(fileURLToPath(new URL('project', import.meta.url)), project, { recursive: true })
  await writeFile(secrets, 'secrets:\n  PAGE_TOKEN: first-token-7f3a\n')
  await landfallOnCluster(byUp, 'up', [project])
  await convert()
})

test.skipIf(!hasHelm)('without its secrets the chart says which value is missing', async () => {
  const { code, stderr } = await tryHelm(namespace, 'template', 'page', chart)
  expect(code).not.toBe(0)
  expect(stderr).toContain('secrets.PAGE_TOKEN')
  expect(await readFile(`${chart}/values.yaml`, 'utf8')).not.toContain('first-token')
})

test.skipIf(!hasHelm)('install --wait ends when the page answers', async () => {
  keepOnFailure(namespace)
  const printed = await helm(
    ...['install', 'page', chart, '-f', secrets, '--create-namespace'],
    ...['--wait', '--timeout', '5m'],
  )
  // pods count when they have been ready for 25 s
  await eventually(120_000, () => allReady(namespace))
  expect(await page()).toBe('hello | of the file | {{ seeded }} | first-token-7f3a')
  expect(printed).toContain('web')
})

test.skipIf(!hasHelm)(
  'a second release in the namespace is refused, one in another is not',
  async () => {
    const again = await tryHelm(namespace, 'install', 'other', chart, '-f', secrets)
    expect(again.code).not.toBe(0)
    expect(again.stderr).toContain('page')
    const elsewhere = await tryHelm(
      second,
      ...['install', 'page', chart, '-f', secrets, '--create-namespace'],
    )
    expect(elsewhere.stderr).toBe('')
    expect(elsewhere.code).toBe(0)
  },
)

const first = 'hello | of the file | {{ seeded }} | first-token-7f3a'
const greeted = first.replace('hello', 'good morning')
const edited = greeted.replace('of the file', 'of the edited file')

test.skipIf(!hasHelm)(
  'a value, a file and a secret change, and go back, without a lost request',
  async () => {
    keepOnFailure(namespace)
    const value = ['--set', 'services.web.environment.GREETING=good morning']
    expect(await asked(() => upgrade(...value))).toEqual([greeted, first].sort())
    const file = `${project}/web.js`
    await writeFile(
      file,
      (await readFile(file, 'utf8')).replace('of the file', 'of the edited file'),
    )
    await convert()
    expect(await asked(() => upgrade(...value))).toEqual([edited, greeted].sort())
    const token = edited.replace('first-token-7f3a', 'second-token')
    const change = [...value, '--set', 'secrets.PAGE_TOKEN=second-token']
    expect(await asked(() => upgrade(...change))).toEqual([edited, token].sort())
    expect(await asked(() => back('1'))).toEqual([first, token].sort())
    expect(await page()).toBe(first)
  },
)

test.skipIf(!hasHelm)('an upgrade whose program ends leaves the last one serving', async () => {
  keepOnFailure(namespace)
  const broken = ['--set', 'services.web.image.tag=no-such-tag', '--timeout', '20s']
  const args = ['upgrade', 'page', chart, '-f', secrets, '--wait', ...broken]
  let failed: Finished | undefined
  const answers = await asked(async () => {
    failed = await tryHelm(namespace, ...args)
    await back()
  })
  expect(failed?.code).not.toBe(0)
  expect(answers).toEqual([first])
})

test.skipIf(!hasHelm)('uninstall leaves nothing', async () => {
  keepOnFailure(namespace)
  await helm('uninstall', 'page', '--wait')
  await eventually(180_000, async () => {
    for (const kind of ['deployments', 'jobs', 'pods', 'services', 'secrets', 'roles'])
      expect(await namespace.list(kind, 'app.kubernetes.io/managed-by')).toEqual([])
  })
})
