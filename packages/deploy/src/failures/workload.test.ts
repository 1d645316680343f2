import type { KubeObject } from '@landfall/kube'
import { expect, test } from 'vitest'
import { deployment, event, job, pod } from '../test-objects.ts'
import { podProgress } from '../view/progress.ts'
import { rememberSightings } from '../view/sightings.ts'
import { WORKLOAD_RULES } from './index.ts'

function foundInWorkload(
  workload: KubeObject,
  pods: KubeObject[],
  events: KubeObject[],
  forMs = 0,
  more: {
    replicaSet?: KubeObject
    settledAt?: number | undefined
    ending?: KubeObject[]
    serverNow?: number
  } = {},
) {
  const look = rememberSightings()
  const run = (now: number) => {
    const sightings = look(now)
    const states = pods.map((one) => ({ pod: one, progress: podProgress(one, [], undefined) }))
    const { serverNow, ...rest } = more
    const memory = { sightings, sinceBegin: now, serverNow, endsBefore: new Map() }
    const around = { nodes: new Map(), ending: [], settledAt: 0, ...rest }
    const context = { workload, pods: states, events, sightings, memory, ...around }
    return WORKLOAD_RULES.map((rule) => rule(context)).find(Boolean)
  }
  run(0)
  return run(forMs)
}

test('a Job that failed is told by the container that made it fail, not by its gate', () => {
  const failed = job('migrate', {
    conditions: [{ type: 'Failed', status: 'True', message: 'policy' }],
  })
  const about = pod('migrate', {
    phase: 'Failed',
    init: [{ name: 'wait-for-db' }],
    statuses: [
      { state: { terminated: { exitCode: 0 } } },
      { state: { terminated: { exitCode: 2 } } },
    ],
  })
  expect(foundInWorkload(failed, [about], [])).toMatchObject({
    reason: 'exited with code 2',
    message: 'migrate ended with exit code 2',
    container: 'migrate',
    final: true,
  })
  expect(foundInWorkload(failed, [], [])).toMatchObject({ message: 'policy', final: true })
})

test('pods that the cluster refuses are told, and final when it stays so', () => {
  const message = 'pods "db-0" is forbidden: exceeded quota'
  const refused = [event(deployment('web'), 'FailedCreate', message)]
  expect(foundInWorkload(deployment('web'), [], refused, 1_000)).toMatchObject({ final: false })
  expect(foundInWorkload(deployment('web'), [], refused, 11_000)).toMatchObject({
    reason: 'FailedCreate',
    message,
    final: true,
  })
  expect(foundInWorkload(deployment('web'), [pod('web')], refused, 11_000)).toBeUndefined()
})

test('what an earlier template was refused says nothing about this one', () => {
  const workload = deployment('web')
  const message = 'pods "web-old-" is forbidden: serviceaccount "web-gate" not found'
  const refused = { type: 'ReplicaFailure', status: 'True', message }
  workload.status = { ...workload.status, conditions: [refused] }
  const replicaSet: KubeObject = {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: { name: 'web-new' },
    status: { conditions: [] },
  }
  expect(foundInWorkload(workload, [], [], 11_000, { replicaSet })).toBeUndefined()
  // nobody may look at ReplicaSets
  expect(foundInWorkload(workload, [], [], 11_000)).toMatchObject({ message, final: true })
  workload.metadata.generation = 2
  workload.status.observedGeneration = 1
  expect(foundInWorkload(workload, [], [], 11_000)).toBeUndefined()
})

test('of four pods that a quota admits two of, the refusal is reported from the ReplicaSet', () => {
  const workload = deployment('web')
  workload.spec.replicas = 4
  const message = 'pods "web-x" is forbidden: exceeded quota: two'
  const replicaSet: KubeObject = {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: { name: 'web-h' },
    status: { conditions: [{ type: 'ReplicaFailure', status: 'True', message }] },
  }
  const two = [pod('web'), pod('web')]
  expect(foundInWorkload(workload, two, [], 9_000, { replicaSet })).toMatchObject({
    reason: 'FailedCreate',
    message,
    final: true,
    hint: expect.stringContaining('quota'),
  })
  const four = [...two, ...two]
  expect(foundInWorkload(workload, four, [], 9_000, { replicaSet })).toBeUndefined()
})

test('pods that were made after a refusal mean that it is over', () => {
  const refused = event(deployment('web'), 'FailedCreate', 'no account')
  const made = { ...event(deployment('web'), 'SuccessfulCreate', 'made pod web-1') }
  made.lastTimestamp = '2026-01-01T00:02:00Z'
  const stateful = { ...deployment('web'), kind: 'StatefulSet' }
  expect(foundInWorkload(stateful, [], [refused], 9_000)).toMatchObject({ final: true })
  expect(foundInWorkload(stateful, [], [refused, made], 9_000)).toBeUndefined()
})

test('a rollout past its deadline has failed when it stays so, and not while its pods wait in a gate', () => {
  const conditions = [
    { type: 'Progressing', reason: 'ProgressDeadlineExceeded', message: 'timed out' },
  ]
  const late = deployment('web', { conditions })
  expect(foundInWorkload(late, [pod('web')], [], 1_000)).toMatchObject({ final: false })
  expect(foundInWorkload(late, [pod('web')], [], 61_000)).toMatchObject({
    reason: 'no progress',
    final: true,
  })
  const gate = { name: 'wait-for-db' }
  const gated = pod('web', { init: [gate], statuses: [{ state: { running: {} } }] })
  expect(foundInWorkload(late, [gated], [], 61_000)).toBeUndefined()
})

test('a Job that its policy tries again has failed when two runs failed with everything else there', () => {
  const working = job('work', { active: 1, failed: 2 })
  const failed = (startedAt: string) =>
    pod('work', {
      phase: 'Failed',
      statuses: [{ state: { terminated: { exitCode: 2, startedAt } } }],
    })
  const runs = [failed('2026-01-01T00:01:00Z'), failed('2026-01-01T00:01:20Z')]
  expect(foundInWorkload(working, runs, [])).toMatchObject({
    reason: 'exited with code 2',
    message: 'work ended with exit code 2; 2 runs failed; the Job tries again',
    final: true,
  })
  const settledAt = Date.parse('2026-01-01T00:01:10Z')
  expect(foundInWorkload(working, runs, [], 0, { settledAt })).toMatchObject({ final: false })
  expect(foundInWorkload(working, runs, [], 0, { settledAt: undefined })?.final).toBe(false)
})

test('an update that stops old pods first is stuck when one of them does not end', () => {
  const workload = deployment('db')
  workload.spec.strategy = { type: 'Recreate' }
  const old = pod('db', { phase: 'Running' })
  Object.assign(old.metadata, { deletionTimestamp: '2026-01-01T00:00:00Z' })
  old.spec.nodeName = 'n1'
  const due = Date.parse('2026-01-01T00:00:00Z')
  const after = (ms: number) =>
    foundInWorkload(workload, [], [], 0, { ending: [old], serverNow: due + ms })
  expect(after(-5_000)).toBeUndefined()
  expect(after(40_000)).toMatchObject({
    message: 'a new pod of db must not run before db-1 has ended on node n1',
    final: false,
  })
  expect(after(95_000)?.final).toBe(true)
  workload.spec.strategy = { type: 'RollingUpdate' }
  expect(after(95_000)).toBeUndefined()
})
