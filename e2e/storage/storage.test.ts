import { createHash } from 'node:crypto'
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { fileURLToPath } from 'node:url'
import { eventually, keepOnFailure, landfallOnCluster, testNamespace } from '@landfall/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'

// Storage that is filled from the project follows it, and keeps what programs have changed.

const namespace = testNamespace('e2e-storage')
const project = await mkdtemp(`${tmpdir()}/landfall-storage-`)
afterAll(() => rm(project, { recursive: true, force: true }))

/** Bytes that no compression makes smaller, the same in every run. */
function bytesOf(seed: string, megabytes: number): Buffer {
  const blocks = Array.from({ length: (megabytes * 1024 * 1024) / 32 }, (_, n) =>
    createHash('sha256').update(`${seed} ${n}`).digest(),
  )
  return Buffer.concat(blocks)
}

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')

beforeAll(async () => {
  await cp(fileURLToPath(new URL('project', import.meta.url)), project, { recursive: true })
  await mkdir(`${project}/media/clips`, { recursive: true })
  for (const name of ['one', 'two', 'three', 'four'])
    await writeFile(`${project}/media/clips/${name}.bin`, bytesOf(name, 5))
})

async function within(service: string, script: string): Promise<string> {
  keepOnFailure(namespace)
  const command = ['exec', `deployment/${service}`, '-c', service, '--', 'sh', '-c', script]
  return (await namespace.kubectl(command)).trim()
}

const up = (...options: string[]) => landfallOnCluster(namespace, 'up', [project, ...options])

const edit = (path: string, text: string) => writeFile(`${project}/config/${path}`, text)

test('new storage has what the project has, a large tree as well', async () => {
  const { stderr } = await up()
  expect(stderr).toContain('copied ./media: 20.0 MiB')
  expect(await within('app', 'cat /config/app.ini "/config/conf.d/first part.conf"')).toBe(
    'level = info\na = 1',
  )
  expect(await within('reader', 'cat /seen/second.conf')).toBe('b = 1')
  const sums = await within('player', 'cd /media/clips && sha256sum four.bin one.bin')
  const expected = ['four', 'one'].map((name) => `${sha256(bytesOf(name, 5))}  ${name}.bin`)
  expect(sums).toBe(expected.join('\n'))
})

test('a service sees what another writes into the same tree', async () => {
  await within('app', 'echo live > /config/conf.d/live.conf')
  expect(await within('reader', 'cat /seen/live.conf')).toBe('live')
})

test('what a program wrote survives its pod', async () => {
  await within('app', 'echo changed > /config/greeting.ini; rm /config/conf.d/second.conf')
  const before = await namespace.list('pods', 'app.kubernetes.io/name=app')
  await namespace.kubectl(['delete', 'pod', before[0]?.metadata.name as string])
  await eventually(300_000, async () => {
    expect(await within('app', 'cat /config/greeting.ini')).toBe('changed')
    expect(await within('app', 'ls /config/conf.d')).toBe('first part.conf\nlive.conf')
  })
})

test('files that nobody changed follow the project, those that a program changed are kept and reported', async () => {
  await edit('app.ini', 'level = debug\n')
  await edit('greeting.ini', 'greeting = bye\n')
  await rm(`${project}/config/conf.d/first part.conf`)
  await edit('conf.d/third.conf', 'c = 1\n')
  const { stderr } = await up()
  expect(stderr).toContain(
    "2 files of ./config were changed by the program and are kept (landfall up --reset-files ./config takes the project's)",
  )
  expect(await within('app', 'cat /config/app.ini /config/greeting.ini')).toBe(
    'level = debug\nchanged',
  )
  expect(await within('reader', 'ls /seen')).toBe('live.conf\nthird.conf')
})

test('--reset-files takes the files of the project once', async () => {
  await up('--reset-files', './config/greeting.ini')
  expect(await within('app', 'cat /config/greeting.ini')).toBe('greeting = bye')
  await within('app', 'echo again > /config/greeting.ini')
  const before = await namespace.list('pods', 'app.kubernetes.io/name=app')
  await namespace.kubectl(['delete', 'pod', before[0]?.metadata.name as string])
  await eventually(300_000, async () =>
    expect(await within('app', 'cat /config/greeting.ini')).toBe('again'),
  )
  const pods = async () =>
    (await namespace.list('pods', 'app.kubernetes.io/name=app')).map(({ metadata }) => metadata.uid)
  const unchanged = await pods()
  await up()
  expect(await pods()).toEqual(unchanged)
  expect(await within('app', 'cat /config/greeting.ini')).toBe('again')
})

test('of a large tree only the files that differ are copied', async () => {
  await within('player', 'echo mine > /media/clips/one.bin')
  await writeFile(`${project}/media/clips/two.bin`, bytesOf('other', 5))
  const { stderr } = await up()
  expect(stderr).toContain('copied ./media: 5.0 MiB')
  expect(stderr).toContain('./media/clips/one.bin was changed by the program')
  expect(await within('player', 'cat /media/clips/one.bin')).toBe('mine')
  expect(await within('player', 'sha256sum < /media/clips/two.bin')).toContain(
    sha256(await readFile(`${project}/media/clips/two.bin`)),
  )
})
