import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import {
  eventually,
  keepOnFailure,
  landfall,
  landfallOnCluster,
  sharedCluster,
  testNamespace,
} from '@landfall/testkit'
import { afterAll, expect, test } from 'vitest'

// A HorizontalPodAutoscaler scales out under load and back, with metrics of the local cluster; a deploy in between leaves the number to it.

const root = await mkdtemp(`${tmpdir()}/landfall-autoscaled-`)
afterAll(() => rm(root, { recursive: true, force: true }))

const namespace = testNamespace('e2e-autoscaled')

const compose = `name: autoscaled
services:
  work:
    image: busybox:1.35.0
    # computes as long as the file is there
    command: [sh, -c, "while :; do [ -e /tmp/busy ] || sleep 1; done"]
    deploy: { resources: { limits: { cpus: "0.2" } } }
`
const landfallFile = `services:
  work: { scale: { min: 1, max: 3, cpu: 50% }, resources: { cpu: 50m } }
`

const { kubectl } = namespace
const replicas = async () =>
  Number(await kubectl(['get', 'deployment', 'work', '-o', 'jsonpath={.spec.replicas}']))

async function untilReplicas(wanted: number): Promise<void> {
  await eventually(
    400_000,
    async () => {
      const found = await replicas()
      if (found !== wanted)
        throw new Error(`${found} pods: ${await kubectl(['describe', 'hpa', 'work'])}`)
    },
    2_000,
  )
}

// `npm run soak`: it builds metrics-server, and changes what the other tests of the shared cluster see
const isWanted = process.env.LANDFALL_AUTOSCALED !== undefined

test.skipIf(!isWanted)('the number of pods follows the load, and a deploy leaves it', async () => {
  keepOnFailure(namespace)
  const { name } = sharedCluster()
  const started = await landfall(['cluster', 'up', '--cluster', name, '--with', 'metrics'])
  expect(started.code, started.stderr).toBe(0)
  await writeFile(`${root}/compose.yaml`, compose)
  await writeFile(`${root}/landfall.yaml`, landfallFile)
  expect((await landfallOnCluster(namespace, 'up', [root])).stdout).not.toContain('Not scaled')
  expect(await replicas()).toBe(1)
  // by default it waits for five minutes before it scales in
  await kubectl([
    ...['patch', 'hpa', 'work', '--type=merge', '-p'],
    '{"spec":{"behavior":{"scaleDown":{"stabilizationWindowSeconds":0}}}}',
  ])
  const [pod = ''] = (
    await kubectl(['get', 'pods', '-o', 'jsonpath={.items[*].metadata.name}'])
  ).split(' ')

  await kubectl(['exec', pod, '--', 'touch', '/tmp/busy'])
  await untilReplicas(3)
  const refused = await landfallOnCluster(namespace, 'scale', ['work=2', '-p', 'autoscaled'], 1)
  expect(refused.stderr).toMatch(/sets the number of pods of work, from 1 to 3/)
  await landfallOnCluster(namespace, 'up', [root])
  expect(await replicas()).toBe(3)

  await kubectl(['exec', pod, '--', 'rm', '/tmp/busy'])
  await untilReplicas(1)
})
