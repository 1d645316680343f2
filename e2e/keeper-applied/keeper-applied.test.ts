import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { fileURLToPath } from 'node:url'
import { defaultOptions, provideImages } from '@landfall/local-cluster'
import { type Json, keepOnFailure, landfall, sharedCluster, testNamespace } from '@landfall/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { keptRelease } from '../keeper/kept-release.ts'

// A release that only kubectl has deployed, from what `landfall convert` writes, is kept as one of `landfall up` is.

const namespace = testNamespace('e2e-keeper-applied')
const { podOf, actsOf, healed } = keptRelease(namespace)
const root = await mkdtemp(`${tmpdir()}/landfall-keeper-applied-`)
afterAll(() => rm(root, { recursive: true, force: true }))
const manifests = `${root}/manifests`

async function convert(): Promise<void> {
  const { code, stdout, stderr } = await landfall(['convert', `${root}/project`, '-o', manifests])
  expect(code, stdout + stderr).toBe(0)
}

const apply = () => namespace.kubectl(['apply', '-f', manifests])

/** What the manifests name has to be in the cluster's registries; `up` would have put it there. */
async function provide(): Promise<void> {
  const texts = await Promise.all(
    (await readdir(manifests)).map((file) => readFile(`${manifests}/${file}`, 'utf8')),
  )
  const named = texts.flatMap((text) => [...text.matchAll(/^ *(?:- )?image: (\S+)$/gm)])
  const images = [...new Set(named.map(([, image = '']) => image))]
  const cluster = sharedCluster()
  const options = { ...defaultOptions(process.env), name: cluster.name }
  const sources = await provideImages(cluster, options, images, () => {})
  expect(sources.filter(({ from }) => from === 'missing')).toEqual([])
}

const deletePod = async (service: string) =>
  namespace.kubectl(['delete', 'pod', (await podOf(service)).metadata.name])

const seeds = async (): Promise<Json[]> => namespace.list('jobs', 'app.kubernetes.io/name=seed')

beforeAll(async () => {
  await cp(fileURLToPath(new URL('../keeper/project', import.meta.url)), `${root}/project`, {
    recursive: true,
  })
  await convert()
  await provide()
  await namespace.kubectl(['create', 'namespace', namespace.name])
  await apply()
  await healed(180_000)
})

test('a dependency is replaced: its dependant restarts once', async () => {
  keepOnFailure(namespace)
  await deletePod('broker')
  await healed()
  expect(await actsOf('master')).toHaveLength(1)
})

test('the effect of a one-shot is gone: its Job runs again', async () => {
  keepOnFailure(namespace)
  const [before] = await seeds()
  await deletePod('store')
  await healed()
  const [after, ...others] = await seeds()
  expect(others).toEqual([])
  expect(after?.metadata.name).toBe(before?.metadata.name)
  expect(after?.metadata.uid).not.toBe(before?.metadata.uid)
})

test('the same manifests again change nothing that the keeper has done', async () => {
  keepOnFailure(namespace)
  const uids = async () => (await namespace.list('pods')).map(({ metadata }) => metadata.uid).sort()
  const before = await uids()
  await apply()
  await healed()
  expect(await uids()).toEqual(before)
  expect(await actsOf('master')).toHaveLength(1)
})

test('after an apply of changed manifests the keeper knows the new Job and the new pods', async () => {
  keepOnFailure(namespace)
  const file = `${root}/project/compose.yaml`
  const text = await readFile(file, 'utf8')
  await writeFile(
    file,
    text
      .replace(/\$\{VERSION:-1\}/, '2')
      .replace('command: [node, /program.js, seed]', '$&\n    environment: { VERSION: "2" }'),
  )
  const [first] = await seeds()
  const acts = await actsOf('master')
  await convert()
  await apply()
  await healed(180_000)
  const next = (await seeds()).find(({ metadata }) => metadata.name !== first?.metadata.name)
  expect(next?.status.succeeded).toBe(1)
  // its gate has waited for the new pods
  expect(await actsOf('master')).toEqual(acts)

  await deletePod('store')
  await deletePod('broker')
  await healed()
  const after = await seeds()
  expect(
    after.find(({ metadata }) => metadata.name === next?.metadata.name)?.metadata.uid,
  ).not.toBe(next?.metadata.uid)
  expect(after.find(({ metadata }) => metadata.name === first?.metadata.name)?.metadata.uid).toBe(
    first?.metadata.uid,
  )
  expect(await actsOf('master')).toHaveLength(acts.length + 1)
})
