import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { defaultOptions, nodePowerOff, nodePowerOn } from '@landfall/local-cluster'
import {
  eventually,
  keepOnFailure,
  landfallOnCluster,
  sharedCluster,
  testNamespace,
} from '@landfall/testkit'
import { beforeAll, expect, test } from 'vitest'
import { processOf } from '../faults/disturb.ts'
import { keptRelease } from '../keeper/kept-release.ts'

// The keeper while the cluster is not well: the API server is away in the middle of an act, and its own node is lost.

const namespace = testNamespace('e2e-keeper-faults')
const options = { ...defaultOptions(process.env), name: sharedCluster().name, nodes: 2 }
const { podOf, actsOf, healed, inTouch } = keptRelease(namespace)

beforeAll(async () => {
  await landfallOnCluster(namespace, 'up', [
    fileURLToPath(new URL('../keeper/project', import.meta.url)),
  ])
  await healed()
})

test('the API server is away for 20 s while a dependency is replaced: each restarts once', async () => {
  keepOnFailure(namespace)
  const before = await actsOf('master')
  await namespace.kubectl(['delete', 'pod', (await podOf('broker')).metadata.name, '--wait=false'])
  await pause(500)
  const server = processOf('kube-apiserver', options)
  process.kill(server, 'SIGSTOP')
  await pause(20_000)
  process.kill(server, 'SIGCONT')
  await healed(180_000)
  expect((await actsOf('master')).length - before.length).toBe(1)
})

test.skipIf(process.env.LANDFALL_KEEPER_FAULTS === undefined)(
  'the node of the keeper is lost, and with it a dependency: another keeper goes on',
  async () => {
    keepOnFailure(namespace)
    const { spec } = await podOf('landfall-keeper')
    await nodePowerOff(options, spec.nodeName)
    await eventually(240_000, async () => {
      expect((await podOf('landfall-keeper')).spec.nodeName).not.toBe(spec.nodeName)
      await inTouch()
    })
    await nodePowerOn(options, spec.nodeName)
    await healed(120_000)
  },
)
