import { fileURLToPath } from 'node:url'
import {
  eventually,
  keepOnFailure,
  landfall,
  repository,
  sharedCluster,
  testNamespace,
} from '@landfall/testkit'
import { expect, test } from 'vitest'

// The sites of examples/fogflow, as two namespaces of one cluster: an edge with a broker and a worker joins the cloud.

const cloud = testNamespace('fogflow')
const edge = testNamespace('fogflow-edge-1')
const { name, context } = sharedCluster()
const target = context === undefined ? ['--local', '--cluster', name] : ['--context', context]
const project = [
  ...['-f', `${repository}examples/fogflow/compose.yaml`],
  ...['-f', fileURLToPath(new URL('programs.yaml', import.meta.url))],
]

const inside = async (namespace: typeof cloud, service: string, url: string) =>
  namespace.kubectl([
    ...['exec', `deploy/${service}`, '-c', service, '--', 'python3', '-c'],
    `import urllib.request as r; print(r.urlopen("${url}", timeout=2).read().decode())`,
  ])

test('up --all deploys the cloud, then the edge, and the connections between them are tested', async () => {
  keepOnFailure(cloud)
  keepOnFailure(edge)
  const { stdout, stderr, code } = await landfall(['up', ...project, '--all', ...target])
  expect(code, `${stdout}\n${stderr}`).toBe(0)
  expect(stdout).toMatch(/cloud +ready/)
  expect(stdout).toMatch(/edge-1 +ready/)
})

test('the master of the cloud lists the workers of both sites', async () => {
  await eventually(60_000, async () => {
    const workers = await inside(cloud, 'discovery', 'http://master:8010/workers')
    expect(workers).toContain('Worker.001')
    expect(workers).toContain('Worker.002')
  })
})

test('names of the cloud lead there from the edge, and the broker of the edge is its own', async () => {
  expect(await inside(edge, 'broker', 'http://master:8010/workers')).toContain('Worker.001')
  const own = (await edge.list('deployments')).map(({ metadata }) => metadata.name)
  expect(own).toContain('broker')
  expect(own).not.toContain('master')
})
