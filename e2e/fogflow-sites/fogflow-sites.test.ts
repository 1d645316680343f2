import { fileURLToPath } from 'node:url'
import {
  keepOnFailure,
  landfall,
  landfallOnCluster,
  repository,
  sharedCluster,
  testNamespace,
} from '@landfall/testkit'
import { beforeAll, expect, test } from 'vitest'
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

beforeAll(async () => {
  const task = fileURLToPath(new URL('../fogflow/task', import.meta.url))
  await landfallOnCluster(images, 'up', [task])
})

test('up --all deploys the cloud, then the edge, and the connections between them are tested', async () => {
  keepOnFailure(cloud)
  keepOnFailure(edge)
  const { stdout, stderr, code } = await landfall(['up', ...args, '--all'])
  expect(code, `${stdout}\n${stderr}`).toBe(0)
  expect(stdout).toMatch(/cloud +ready/)
  expect(stdout).toMatch(/edge-1 +ready/)
})

fogflowSteps({ cloud, edge, args })
