import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import {
  addressIn,
  keepOnFailure,
  landfall,
  landfallOnCluster,
  type Namespace,
  onSharedCluster,
  pages,
  testNamespace,
} from '@landfall/testkit'
import { afterAll, expect, test } from 'vitest'

// The life of a release: a failed revision is taken back while the old one serves, rollback, history, two commands at once.

const root = await mkdtemp(`${tmpdir()}/landfall-life-`)
afterAll(() => rm(root, { recursive: true, force: true }))

const back = testNamespace('e2e-life-back')
const rolledBack = testNamespace('e2e-life-rollback')
const atOnce = testNamespace('e2e-life-at-once')

/** A web server whose page says which version it is, replaced by starting the new one first. */
const page = (version: string, rest = '') => `name: life
services:
  web:
    image: python:3.11
    command: ["sh","-c","mkdir -p /w && echo ${version} > /w/index.html && exec python3 -m http.server 8000 --directory /w"]
    ports: ["8080:8000"]
    healthcheck: { test: ["CMD","python3","-c","import urllib.request as u; u.urlopen('http://127.0.0.1:8000/')"], interval: 2s }
    deploy: { update_config: { order: start-first } }
${rest}`

async function project(name: string, compose: string): Promise<string> {
  const directory = `${root}/${name}`
  await mkdir(directory, { recursive: true })
  await writeFile(`${directory}/compose.yaml`, compose)
  return directory
}

const history = async (namespace: Namespace): Promise<string[]> => {
  const { stdout } = await landfallOnCluster(namespace, 'history', [
    ...['-p', 'life', '--output', 'json'],
  ])
  const { revisions } = JSON.parse(stdout)
  return revisions.map(
    ({ number, state, of }: { number: number; state: string; of?: number }) =>
      `${number} ${state}${of === undefined ? '' : ` of ${of}`}`,
  )
}

test('a revision that fails is taken back, and the old one serves throughout', async () => {
  const namespace = back
  keepOnFailure(namespace)
  const good = await project('good', page('one'))
  const { stdout } = await landfallOnCluster(namespace, 'up', [good])
  const address = addressIn(stdout)
  const loop = pages(address)

  const image = await project('image', page('two').replace('python:3.11', 'landfall-tests/none:1'))
  const first = await landfallOnCluster(namespace, 'up', [image], 1)
  expect(first.stdout).toMatch(/compose\.yaml:4:/)
  expect(first.stdout).toMatch(/Back to revision 1: ready again/)

  const crash = await project('crash', page('three').replace('exec python3 -m', 'exit 3;'))
  const second = await landfallOnCluster(namespace, 'up', [crash], 1)
  expect(second.stdout).toMatch(/exited with code 3/)
  expect(second.stdout).toMatch(/Back to revision 3: ready again/)

  const answers = await loop.end()
  expect([...answers.keys()]).toEqual(['one'])
  expect(answers.get('one')).toBeGreaterThan(50)
  const { stdout: state } = await landfallOnCluster(namespace, 'status', [good])
  expect(state).toMatch(/ready/)
  expect(await history(namespace)).toEqual([
    '1 ready',
    '2 failed',
    '3 ready of 1',
    '4 failed',
    '5 ready of 3',
  ])
})

test('--keep leaves it, rollback goes back without the files of the project, and Jobs do not run again', async () => {
  const namespace = rolledBack
  keepOnFailure(namespace)
  const job = `  setup: { image: "python:3.11", command: ["sh","-c","date +%s%N"] }
`
  const landfallFile = 'services: { setup: { oneShot: true } }\n'
  const withJob = async (name: string, version: string) => {
    const directory = await project(name, page(version, job))
    await writeFile(`${directory}/landfall.yaml`, landfallFile)
    return directory
  }
  const { stdout } = await landfallOnCluster(namespace, 'up', [
    await withJob('one', 'one'),
    ...['--note', 'the first'],
  ])
  const address = addressIn(stdout)
  const jobs = async () =>
    (await namespace.list('jobs')).map(({ metadata }) => metadata.uid as string)
  const ran = await jobs()
  await landfallOnCluster(namespace, 'up', [await withJob('two', 'two')])
  expect((await (await fetch(address)).text()).trim()).toBe('two')

  const broken = page('three', job).replace('exec python3 -m', 'exit 3;')
  const bad = await project('bad', broken)
  await writeFile(`${bad}/landfall.yaml`, landfallFile)
  const kept = await landfallOnCluster(namespace, 'up', [bad, '--keep'], 1)
  expect(kept.stdout).toMatch(/not taken back: it stays as it is \(--keep\)/)

  await landfallOnCluster(namespace, 'rollback', ['-p', 'life', '1'])
  expect((await (await fetch(address)).text()).trim()).toBe('one')
  expect(await jobs()).toEqual(ran)
  expect(await history(namespace)).toEqual(['1 ready', '2 ready', '3 failed', '4 ready of 1'])
  const { stdout: lines } = await landfallOnCluster(namespace, 'history', ['-p', 'life'])
  expect(lines).toMatch(/the first/)

  const difference = await landfallOnCluster(namespace, 'diff', ['-p', 'life', '1', '2'], 1)
  expect(difference.stdout).toMatch(/containers\[web\]\.command|containers\[web\]\.args/)
  await landfallOnCluster(namespace, 'diff', ['-p', 'life', '--to', '1'])
})

test('two `up`s at once: one waits, and the end is one of the two wishes', async () => {
  const namespace = atOnce
  keepOnFailure(namespace)
  const wishes = ['anna', 'bert']
  const both = await Promise.all(
    wishes.map(async (wish) =>
      landfall(['up', await project(wish, page(wish)), ...onSharedCluster(namespace.name)]),
    ),
  )
  for (const { code, stdout, stderr } of both) expect(code, stdout + stderr).toBe(0)
  expect(both.map(({ stderr }) => stderr).join()).toMatch(/is changing the release/)
  const [last = ''] = both.map(({ stdout }) => addressIn(stdout))
  expect(wishes).toContain((await (await fetch(last)).text()).trim())
  expect(await history(namespace)).toEqual(['1 ready', '2 ready'])
})
