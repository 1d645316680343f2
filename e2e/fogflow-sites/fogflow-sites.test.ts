import { fileURLToPath } from 'node:url'
import {
  keepOnFailure,
  landfall,
  landfallOnCluster,
  repository,
  sharedCluster,
  testNamespace,
} from '@landfall/testkit'
import { expect, test } from 'vitest'
import { fogflowSteps } from './steps.ts'

// The sites of examples/fogflow with the worker of this repository, as two namespaces of one cluster. RabbitMQ, workers and tasks are real.

const cloud = testNamespace('fogflow')
const edge = testNamespace('fogflow-edge-1')
const images = testNamespace('e2e-fogflow-task')
const args = [
  ...['-f', `${repository}examples/fogflow/compose.yaml`],
  ...['-f', `${repository}e2e/fogflow/programs.yaml`],
  ...['--local', '--cluster', sharedCluster().name],
]

test('up --all deploys the cloud, then the edge, and the connections between them are tested', async () => {
  keepOnFailure(cloud)
  keepOnFailure(edge)
  const task = fileURLToPath(new URL('../fogflow/task', import.meta.url))
  const [{ stdout, stderr, code }] = await Promise.all([
    landfall(['up', ...args, '--all']),
    // the cluster has the image of the tasks when a project with it runs
    landfallOnCluster(images, 'up', [task]),
  ])
  expect(code, `${stdout}\n${stderr}`).toBe(0)
  expect(stdout).toMatch(/cloud +ready/)
  expect(stdout).toMatch(/edge-1 +ready/)
})

fogflowSteps({ cloud, edge, args })
