import { fileURLToPath } from 'node:url'
import { clusterDown, clusterUp, defaultOptions } from '@landfall/local-cluster'
import {
  eventually,
  keepOnFailure,
  landfall,
  type Namespace,
  namespaceOf,
  repository,
} from '@landfall/testkit'
import { afterAll, expect, test } from 'vitest'
import { fogflowSteps } from '../fogflow-sites/steps.ts'

// examples/fogflow at two clusters: a cloud of two nodes and an edge of one, which reach each other by the addresses of their nodes alone.

const optionsOf = (name: string, nodes: number) => ({
  ...defaultOptions(process.env),
  name,
  nodes,
})
const options = { cloud: optionsOf('e2e-cloud', 2), edge: optionsOf('e2e-edge', 1) }
const [clusterOfCloud, clusterOfEdge] = await Promise.all([
  clusterUp(options.cloud, () => {}),
  clusterUp(options.edge, () => {}),
])
afterAll(async () => {
  if (process.env.LANDFALL_KEEP_CLUSTER === undefined)
    await Promise.all(
      Object.values(options).map((one) => clusterDown(one, { volumes: true }, () => {})),
    )
}, 120_000)

const cloud = namespaceOf(clusterOfCloud, 'fogflow')
const edge = namespaceOf(clusterOfEdge, 'fogflow-edge-1')
const env = { KUBECONFIG: `${clusterOfCloud.kubeconfig}:${clusterOfEdge.kubeconfig}` }
const args = [
  ...['-f', `${repository}examples/fogflow/compose.yaml`],
  ...['-f', `${repository}e2e/fogflow/programs.yaml`],
  ...['-f', fileURLToPath(new URL('contexts.yaml', import.meta.url))],
]

test('up --all deploys both, with the images that the project builds, and tests the connections in both directions', async () => {
  keepOnFailure(cloud)
  keepOnFailure(edge)
  const task = fileURLToPath(new URL('../fogflow/task', import.meta.url))
  const runs = await Promise.all([
    landfall(['up', ...args, '--all'], { env }),
    // the registries of both clusters have the image of the tasks when a project with it runs
    ...['landfall-e2e-cloud', 'landfall-e2e-edge'].map((context) =>
      landfall(['up', task, '--context', context], { env }),
    ),
  ])
  for (const { code, stdout, stderr } of runs) expect(code, `${stdout}\n${stderr}`).toBe(0)
  const { stdout } = runs[0]
  expect(stdout).toMatch(/cloud +ready/)
  expect(stdout).toMatch(/edge-1 +ready/)
})

/** A request from a pod of the broker. */
const fetchFrom = (at: Namespace, url: string) =>
  at.tryKubectl([
    ...['exec', 'deploy/broker', '-c', 'broker', '--', 'python3', '-c'],
    'import sys,urllib.request as r; print(r.urlopen(sys.argv[1], timeout=3).read().decode())',
    url,
  ])

test('the address of the cloud is a port of its nodes, which pods of the edge reach; pods of the cloud they do not', async () => {
  const slices = await edge.list('endpointslices', 'kubernetes.io/service-name=discovery')
  const [{ addresses }] = slices[0].endpoints
  const [{ port }] = slices[0].ports
  expect(clusterOfCloud.nodes.map(({ address }) => address)).toContain(addresses[0])
  const answer = await fetchFrom(edge, `http://${addresses[0]}:${port}/ngsi9/status`)
  expect(answer.stdout).toContain('ok')
  const [pod] = await cloud.list('pods', 'app.kubernetes.io/name=discovery')
  const direct = await fetchFrom(edge, `http://${pod.status.podIP}:8090/ngsi9/status`)
  expect(direct.stderr).toContain('refused')
  // within the cloud the same address answers
  await eventually(10_000, async () =>
    expect(
      (await fetchFrom(cloud, `http://${pod.status.podIP}:8090/ngsi9/status`)).stdout,
    ).toContain('ok'),
  )
})

fogflowSteps({ cloud, edge, args, env })
