import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { loadProject } from '@landfall/compose'
import { nodeFiles } from '@landfall/compose/node'
import { buildImage, defaultOptions, provideImages } from '@landfall/local-cluster'
import {
  allReady,
  eventually,
  findOrder,
  type Json,
  keepOnFailure,
  landfall,
  type Namespace,
  placeOrder,
  repository,
  sharedCluster,
  testNamespace,
} from '@landfall/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'

const shop = `${repository}examples/shop`
const output = `${await mkdtemp(`${tmpdir()}/landfall-any-order-`)}/manifests`
afterAll(() => rm(output, { recursive: true, force: true }))

const reversed = testNamespace('e2e-any-order-reverse')
const shuffled = testNamespace('e2e-any-order-shuffle')

/** An order that is the same in every run: by a hash of the name. */
function shuffle(files: readonly string[]): string[] {
  const key = (text: string): number => {
    let hash = 2166136261
    for (const char of text) hash = Math.imul(hash ^ char.charCodeAt(0), 16777619) >>> 0
    return hash
  }
  return [...files].sort((a, b) => key(a) - key(b))
}

/** What others need, last: the worst order that a person can choose. */
function needsLast(files: readonly string[]): string[] {
  const late = /^(role|rolebinding|serviceaccount|configmap|secret)/
  return [...files.filter((file) => !late.test(file)), ...files.filter((file) => late.test(file))]
}

/** What the manifests name has to be in the cluster's registries; `up` would have put it there. */
beforeAll(async () => {
  const { code, stderr } = await landfall(['convert', shop, '-o', output])
  expect(stderr).not.toMatch(/error/)
  expect(code).toBe(0)
  const { project } = loadProject({
    files: nodeFiles(),
    workingDirectory: shop,
    projectDirectory: shop,
    environment: {},
  })
  const cluster = sharedCluster()
  const options = { ...defaultOptions(process.env), name: cluster.name }
  const silent = () => {}
  const builds = Object.entries(project?.services ?? {}).flatMap(([service, { build }]) =>
    build?.context === undefined
      ? []
      : [{ service, image: `shop-${service}`, context: build.context, args: {} }],
  )
  expect(builds.length).toBeGreaterThan(2)
  for (const build of builds)
    expect(await buildImage(cluster, options, build, silent)).toMatchObject({ ok: true })
  const manifests = await Promise.all(
    (await readdir(output)).map((file) => readFile(`${output}/${file}`, 'utf8')),
  )
  const named = manifests.flatMap((text) => [...text.matchAll(/^ *(?:- )?image: (\S+)$/gm)])
  const images = new Set(named.map(([, image = '']) => image))
  for (const { image } of builds) images.delete(image)
  const sources = await provideImages(cluster, options, [...images], silent)
  expect(sources.filter(({ from }) => from === 'missing')).toEqual([])
})

async function applyOneByOne(namespace: Namespace, files: readonly string[]): Promise<void> {
  await namespace.kubectl(['create', 'namespace', namespace.name])
  for (const file of files) await namespace.kubectl(['apply', '-f', `${output}/${file}`])
  await eventually(480_000, () => allReady(namespace), 1000)
  const [service] = (await namespace.list('services')).filter(
    (object) => object.spec.type === 'NodePort',
  )
  const [node] = sharedCluster().nodes
  const front = `http://${node?.address}:${(service as Json).spec.ports[0].nodePort}`
  const id = await placeOrder(front, 'cup', 3)
  expect(await findOrder(front, id)).toMatchObject({ product: 'cup', quantity: 3 })
  await namespace.kubectl(['delete', 'namespace', namespace.name])
}

test('`landfall convert` writes one object a file, and plain kubectl applied in reverse order becomes ready', async () => {
  keepOnFailure(reversed)
  const files = (await readdir(output)).filter((file) => file.endsWith('.yaml'))
  expect(files.length).toBeGreaterThan(10)
  await applyOneByOne(reversed, needsLast(files.sort().reverse()))
})

test('the same files in a shuffled order become ready', async () => {
  keepOnFailure(shuffled)
  const files = (await readdir(output)).filter((file) => file.endsWith('.yaml'))
  await applyOneByOne(shuffled, needsLast(shuffle(files)))
})
