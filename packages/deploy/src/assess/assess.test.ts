import type { KubeObject } from '@landfall/kube'
import { expect, test } from 'vitest'
import { deployment, event, pod, READY, viewOf } from '../test-objects.ts'
import { rememberSightings } from '../view/sightings.ts'
import type { ClusterView } from '../view/view.ts'
import { type AssessmentMemory, assess, decisive } from './assess.ts'

const memory = (more: Partial<AssessmentMemory> = {}): AssessmentMemory => ({
  sightings: rememberSightings()(0),
  gateLines: new Map(),
  sinceBegin: 0,
  endsBefore: new Map(),
  serverNow: undefined,
  ...more,
})

const messages = (view: ClusterView, more: Partial<AssessmentMemory> = {}) =>
  Object.fromEntries(
    assess(['deployment/db', 'deployment/web'], view, memory(more)).map(({ object, message }) => [
      object,
      message,
    ]),
  )

const gate = { name: 'wait-for-db' }
const gated = pod('web', { init: [gate], statuses: [{ state: { running: {} } }] })
const crashed = (restartCount: number) =>
  pod('db', {
    phase: 'Running',
    statuses: [
      {
        state: { waiting: { reason: 'CrashLoopBackOff' } },
        lastState: { terminated: { exitCode: 1, startedAt: '2026-01-01T00:01:00Z' } },
        restartCount,
      },
    ],
  })
const ready = { conditions: [{ type: 'Ready', status: 'True' }], phase: 'Running' }

test('a pod in a gate waits, in the words of the gate, and the one it waits for is the failure', () => {
  const view = viewOf(deployment('db'), deployment('web'), crashed(2), gated)
  const gateLines = new Map([['web-1', 'waiting for db (5432): nothing answers']])
  expect(messages(view, { gateLines })).toEqual({
    'deployment/db': 'db ended 3 times, last with exit code 1',
    'deployment/web': 'waiting for db (5432): nothing answers',
  })
  expect(messages(view)['deployment/web']).toBe('waiting for db')
  const assessments = assess(['deployment/web', 'deployment/db'], view, memory())
  expect(decisive(assessments)).toMatchObject({ object: 'deployment/db', pod: { kind: 'Pod' } })
})

test('a program that crashes while another workload is still starting is given time', () => {
  const starting = pod('web', { phase: 'Running', statuses: [{ state: { running: {} } }] })
  const view = viewOf(deployment('db'), deployment('web'), crashed(2), starting)
  expect(decisive(assess(['deployment/db', 'deployment/web'], view, memory()))).toBeUndefined()
})

test('of two broken workloads the one nearer to the cause is named', () => {
  const broken = pod('web', { statuses: [{ state: { waiting: { reason: 'InvalidImageName' } } }] })
  const view = viewOf(deployment('db'), deployment('web'), crashed(2), broken)
  const assessments = assess(['deployment/db', 'deployment/web'], view, memory())
  expect(assessments.filter(({ finding }) => finding?.final)).toHaveLength(2)
  expect(decisive(assessments)).toMatchObject({ object: 'deployment/web' })
})

test('pods of an earlier template say nothing about this deploy', () => {
  const revision = 'deployment.kubernetes.io/revision'
  const web = deployment('web')
  web.metadata.annotations = { [revision]: '2' }
  const replicaSet = (name: string, number: string): KubeObject => ({
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name,
      annotations: { [revision]: number },
      ownerReferences: [{ kind: 'Deployment', name: 'web', controller: true }],
    },
  })
  const old = crashed(9)
  old.metadata.name = 'old'
  old.metadata.ownerReferences = [{ kind: 'ReplicaSet', name: 'web-old', controller: true }]
  const view = viewOf(web, replicaSet('web-old', '1'), replicaSet('web-h', '2'), old, pod('web'))
  expect(assess(['deployment/web'], view, memory())[0]).toMatchObject({
    message: 'is being created',
  })
})

test('a workload that the cluster does not show yet is waited for', () => {
  expect(messages(viewOf())['deployment/db']).toBe('not visible in the cluster yet')
})

test('with several pods the one that is told about is named', () => {
  const second = pod('web', ready)
  second.metadata = { ...second.metadata, name: 'web-2', uid: 'uid-web-2' }
  const view = viewOf(deployment('web'), pod('web'), second)
  expect(messages(view)['deployment/web']).toBe('pod web-1: is being created')
})

/** A pod that is ready, and whose program runs. */
const running = (status: object = {}, container: object = {}) =>
  pod('web', {
    ...ready,
    containers: [{ name: 'web', image: 'web:1', ...container }],
    statuses: [{ state: { running: { startedAt: '2026-01-01T00:10:00Z' } }, ...status }],
  })

/** What is reported of a ready pod that was seen first some time after the wait began. */
function steadiness(forMs: number, about: KubeObject = running(), serverNow?: number) {
  const view = viewOf(deployment('web', READY), about)
  const look = rememberSightings()
  const at = (now: number) =>
    assess(
      ['deployment/web'],
      view,
      memory({ sightings: look(now), sinceBegin: now, serverNow }),
    )[0]
  look(0)
  at(1_000)
  return at(1_000 + forMs)
}

test('a program is ready when it has stayed up for a while, probed or not', () => {
  expect(steadiness(24_000)).toMatchObject({ status: { state: 'inProgress' }, watched: 'new' })
  expect(steadiness(25_000)).toMatchObject({ status: { state: 'current' } })
  const probed = running({}, { readinessProbe: {} })
  expect(steadiness(24_000, probed)).toMatchObject({ status: { state: 'inProgress' } })
})

test('one that has ended is ready when it has lived clearly longer than before', () => {
  const lived = (seconds: number) => ({
    restartCount: 1,
    lastState: {
      terminated: {
        exitCode: 1,
        startedAt: '2026-01-01T00:00:00Z',
        finishedAt: `2026-01-01T00:00:${seconds}Z`,
      },
    },
  })
  expect(steadiness(39_000, running(lived(20)))).toMatchObject({ watched: 'again' })
  expect(steadiness(40_000, running(lived(20)))?.status.state).toBe('current')
  expect(steadiness(24_000, running(lived(10)))).toMatchObject({ watched: 'again' })
  expect(steadiness(25_000, running(lived(10)))?.status.state).toBe('current')
})

test('what has run for long by the clock of the server is ready at once, what began just now is not', () => {
  const now = (time: string) => Date.parse(`2026-01-01T00:${time}Z`)
  expect(steadiness(0, running(), now('10:30'))?.status.state).toBe('current')
  expect(steadiness(0, running(), now('10:10'))?.status.state).toBe('inProgress')
})

test('what ran before we looked on is ready at once where no clock tells', () => {
  const view = viewOf(deployment('web', READY), running())
  expect(assess(['deployment/web'], view, memory())[0]?.status.state).toBe('current')
})

test('a status that is a step behind its pods is not believed', () => {
  const state = { terminated: { exitCode: 1 } }
  const ended = running({ state, lastState: {} })
  const view = viewOf(deployment('web', READY), ended)
  expect(assess(['deployment/web'], view, memory())[0]).toMatchObject({
    status: { state: 'inProgress' },
    message: 'web ended with exit code 1',
  })
  const none = viewOf(deployment('web', READY))
  expect(assess(['deployment/web'], none, memory())[0]).toMatchObject({
    status: { state: 'inProgress' },
    message: '0 of 1 pods exist',
  })
})

test('a workload that is gone, or goes, ends the wait', () => {
  const look = rememberSightings()
  const after = (ms: number, ...objects: KubeObject[]) =>
    assess(
      ['deployment/web'],
      viewOf(...objects),
      memory({ sightings: look(ms), sinceBegin: ms }),
    )[0]
  expect(after(0)?.finding).toBeUndefined()
  expect(after(3_000)?.finding).toMatchObject({ reason: 'deleted', final: true })
  const going = deployment('web', READY)
  going.metadata.deletionTimestamp = '2026-01-01T00:00:00Z'
  expect(after(4_000, going)?.finding).toMatchObject({ reason: 'deleted' })
})

test.each([
  ['running, not ready yet', undefined],
  ['is not ready yet: Readiness probe failed: HTTP 503', 'Readiness probe failed: HTTP 503'],
  [
    'is not ready yet: Readiness probe failed: … Error: refused',
    'Readiness probe failed: Traceback:\n  File "x"\nError: refused\n',
  ],
])('a pod that runs and is not ready: %s', (message, probe) => {
  const running = pod('web', { phase: 'Running', statuses: [{ state: { running: {} } }] })
  const events = probe === undefined ? [] : [event(running, 'Unhealthy', probe, 'web')]
  const view = viewOf(deployment('web'), running, ...events)
  expect(messages(view)['deployment/web']).toBe(message)
})

test('the image that a node pulls is named', () => {
  const about = pod('web', { statuses: [{ state: { waiting: { reason: 'ContainerCreating' } } }] })
  const view = viewOf(deployment('web'), about, event(about, 'Pulling', 'Pulling image', 'web'))
  expect(messages(view)['deployment/web']).toBe('pulls web:1')
})

test('of two probe failures of one second the one that was written last is reported', () => {
  const about = pod('web', { phase: 'Running', statuses: [{ state: { running: {} } }] })
  const failure = (text: string, resourceVersion: string) => {
    const one = event(about, 'Unhealthy', `Readiness probe failed: ${text}`, 'web')
    one.metadata = { ...one.metadata, resourceVersion }
    return one
  }
  const events = [failure('migrating 2', '12'), failure('migrating 10', '9')]
  const view = viewOf(deployment('web'), about, ...events)
  expect(messages(view)['deployment/web']).toContain('migrating 2')
})

test('a pod that waits for its predecessor is no failure, and says what it waits for', () => {
  const message = "0/1 nodes are available: 1 node(s) didn't match pod anti-affinity rules."
  const next = pod('db', {
    conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message }],
  })
  const before = pod('db', ready)
  Object.assign(before.metadata, {
    name: 'db-0',
    uid: 'uid-db-0',
    deletionTimestamp: '2026-01-01T00:01:00Z',
  })
  const view = viewOf(deployment('db'), deployment('web', READY), next, before)
  const look = rememberSightings()
  const serverNow = Date.parse('2026-01-01T00:00:40Z')
  for (const at of [0, 30_000]) {
    const sightings = look(at)
    const [db] = assess(['deployment/db'], view, memory({ sightings, serverNow }))
    expect(db).toMatchObject({ message: 'pod db-1: waits until db-0 has ended' })
    expect(db?.finding).toBeUndefined()
  }
})
