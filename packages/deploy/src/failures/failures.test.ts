import type { KubeObject } from '@landfall/kube'
import { expect, test } from 'vitest'
import { rememberSightings } from '../sightings.ts'
import { deployment, event, job, pod } from '../test-objects.ts'
import type { PodContext, PodRule } from './finding.ts'
import { POD_RULES, WORKLOAD_RULES } from './index.ts'

/** What the rules find in a pod that has been like this for so many milliseconds. */
function found(about: KubeObject, more: Partial<PodContext> & { forMs?: number } = {}) {
  const { forMs = 0, ...context } = more
  const look = rememberSightings()
  const run = (now: number) => {
    const sightings = look(now)
    return POD_RULES.map((rule: PodRule) =>
      rule({
        pod: about,
        events: [],
        claimEvents: [],
        workload: deployment('web'),
        sightings,
        settledAt: 0,
        newsWithinMs: Number.POSITIVE_INFINITY,
        ...context,
      }),
    ).find((finding) => finding !== undefined)
  }
  run(0)
  return run(forMs)
}

const waiting = (reason: string, message = '', more: object = {}) =>
  pod('web', { statuses: [{ state: { waiting: { reason, message } }, ...more }] })

const ended = (exitCode: number, restartCount: number, more: object = {}) => {
  const times = { startedAt: '2026-01-01T00:01:00Z', finishedAt: '2026-01-01T00:01:01Z' }
  const terminated = { exitCode, reason: 'Error', ...times, ...more }
  const state = { waiting: { reason: 'CrashLoopBackOff' } }
  return pod('web', {
    phase: 'Running',
    statuses: [{ state, lastState: { terminated }, restartCount }],
  })
}

const pull = (cause: string) =>
  `Failed to pull image "web:1": rpc error: code = NotFound desc = failed to pull and unpack image "docker.io/library/web:1": failed to resolve reference "docker.io/library/web:1": ${cause}`

test.each([
  ['docker.io/library/web:1: not found', true],
  ['unexpected status from HEAD request to https://registry/v2/web: 401 Unauthorized', true],
  ['pull access denied, repository does not exist', true],
  ['dial tcp: lookup registry on 10.0.0.1:53: no such host', true],
  ['dial tcp 10.0.0.1:443: i/o timeout', false],
  ['dial tcp 10.0.0.1:443: connect: connection refused', false],
])('a pull that ends in %j is hopeless at once: %j', (cause, final) => {
  const about = waiting('ErrImagePull', pull(cause))
  const events = [event(about, 'Failed', pull(cause), 'web')]
  expect(found(about, { events })).toMatchObject({
    reason: 'ErrImagePull',
    message: `cannot pull web:1: ${cause}`,
    container: 'web',
    final,
  })
})

test('an image that is out of reach is hopeless at the second failure, whatever failed in other containers', () => {
  const about = waiting('ImagePullBackOff', 'Back-off pulling image "web:1"')
  const timeout = event(about, 'Failed', pull('i/o timeout'), 'web')
  const elsewhere = event(about, 'Failed', pull('i/o timeout, too'), 'other')
  expect(found(about, { events: [timeout, elsewhere] })?.final).toBe(false)
  expect(found(about, { events: [{ ...timeout, count: 2 }] })?.final).toBe(true)
})

test('the event of a failed pull is enough while the status still says that the pod is on its way', () => {
  const about = waiting('PodInitializing')
  const failed = event(about, 'Failed', pull('web:1: not found'), 'web')
  expect(found(about, { events: [failed] })).toMatchObject({ reason: 'ErrImagePull', final: true })
  const pulled = event(about, 'Pulled', 'Successfully pulled image "web:1"', 'web')
  expect(found(about, { events: [failed, pulled] })).toBeUndefined()
})

test('a name that is none is hopeless without any event', () => {
  expect(found(waiting('InvalidImageName', 'could not parse'))).toMatchObject({
    reason: 'InvalidImageName',
    final: true,
  })
})

test('a missing Secret is given a moment to appear', () => {
  const about = waiting('CreateContainerConfigError', 'secret "keys" not found')
  expect(found(about, { forMs: 1_000 })).toMatchObject({
    reason: 'CreateContainerConfigError',
    message: 'secret "keys" not found',
    final: false,
  })
  expect(found(about, { forMs: 10_000 })?.final).toBe(true)
})

test('a volume that cannot be mounted is told at once and final when it stays so', () => {
  const about = waiting('ContainerCreating')
  const mount = event(about, 'FailedMount', 'configmap "files" not found')
  expect(found(about, { events: [mount], forMs: 60_000 })).toMatchObject({ final: false })
  expect(found(about, { events: [{ ...mount, count: 3 }], forMs: 60_000 })).toMatchObject({
    reason: 'FailedMount',
    final: true,
  })
})

test('three ends are a failure when everything else has settled, and none before', () => {
  expect(found(ended(1, 1))?.final).toBe(false)
  expect(found(ended(1, 2))).toMatchObject({
    reason: 'exited with code 1',
    message: 'web ended 3 times, last with exit code 1',
    exitCode: 1,
    final: true,
  })
  expect(found(ended(1, 2), { settledAt: undefined })?.final).toBe(false)
  expect(found(ended(1, 5), { settledAt: undefined })?.final).toBe(true)
})

test('a run that began before the last thing was ready does not count: the next one may go well', () => {
  const settled = (time: string) => found(ended(1, 2), { settledAt: Date.parse(time) })?.final
  expect(settled('2026-01-01T00:02:00Z')).toBe(false)
  expect(settled('2026-01-01T00:00:59Z')).toBe(false)
  expect(settled('2026-01-01T00:00:58Z')).toBe(true)
})

test('an end before the deploy changed something does not count', () => {
  expect(found(ended(1, 2), { forMs: 5_000, newsWithinMs: 5_000 })?.final).toBe(false)
  expect(found(ended(1, 2), { forMs: 5_000, newsWithinMs: 9_000 })?.final).toBe(true)
})

test('a program that never came to run is counted by its end', () => {
  const startedAt = '1970-01-01T00:00:00Z'
  expect(found(ended(128, 2, { startedAt, reason: 'StartError' }))?.final).toBe(true)
})

test('a container that runs again is not a failure yet', () => {
  const about = ended(1, 2)
  about.status.containerStatuses[0].state = { running: {} }
  expect(found(about)?.final).toBe(false)
})

test('a program that the image does not hold is hopeless at its first end', () => {
  const message = 'exec: "/nope": stat /nope: no such file or directory: unknown'
  expect(found(ended(128, 0, { message }))).toMatchObject({ final: true, exitCode: 128 })
})

test('too little memory is told as such, at the second end', () => {
  expect(found(ended(137, 1, { reason: 'OOMKilled' }))).toMatchObject({
    reason: 'OOMKilled',
    final: true,
  })
})

test('a container that its probe ended is told by the probe', () => {
  const about = ended(137, 2)
  const events = [
    event(about, 'Unhealthy', 'Liveness probe failed: HTTP 500', 'web'),
    event(about, 'Killing', 'Container web failed liveness probe, will be restarted', 'web'),
  ]
  expect(found(about, { events })).toMatchObject({
    reason: 'liveness probe failed',
    message: 'web ended 3 times, last with exit code 137: Liveness probe failed: HTTP 500',
  })
  const ofAnEarlierRun = events.map((one) => ({ ...one, lastTimestamp: '2026-01-01T00:00:01Z' }))
  expect(found(about, { events: ofAnEarlierRun })?.reason).toBe('exited with code 137')
})

test('an init container that is done has not crashed, one that fails has', () => {
  const state = { terminated: { exitCode: 0 } }
  expect(found(pod('web', { init: [{ name: 'seed' }], statuses: [{ state }] }))).toBeUndefined()
  const failing = { ...ended(1, 2).status.containerStatuses[0] }
  delete failing.name
  expect(found(pod('web', { init: [{ name: 'seed' }], statuses: [failing] }))).toMatchObject({
    container: 'seed',
    final: true,
  })
})

test('the ends of a Job’s container are the Job’s to count, those of its sidecar are not', () => {
  const workload = job('migrate')
  expect(found(ended(1, 4), { workload })).toBeUndefined()
  const about = ended(1, 4)
  about.spec.initContainers = [{ name: 'web', restartPolicy: 'Always' }]
  about.spec.containers = []
  about.status.initContainerStatuses = about.status.containerStatuses
  expect(found(about, { workload })).toMatchObject({ container: 'web', final: true })
  about.status.initContainerStatuses[0].lastState.terminated.exitCode = 137
  expect(found(about, { workload })).toBeUndefined()
})

const unschedulable = (message: string) =>
  pod('web', {
    conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message }],
  })

test.each([
  ['a node that is full', '0/1 nodes are available: 1 Insufficient memory.', [], 31_000, true],
  ['a node that may come', '0/1 nodes are available: 1 Insufficient memory.', [], 5_000, false],
  [
    'a claim that is being provisioned',
    'unbound immediate PersistentVolumeClaims',
    [],
    31_000,
    false,
  ],
  [
    'a claim that nobody provides',
    'unbound immediate PersistentVolumeClaims',
    ['storageclass "fast" not found'],
    31_000,
    true,
  ],
])('%s', (_name, message, refusals, forMs, final) => {
  const about = unschedulable(message)
  const claimEvents = refusals.map((text) => event(about, 'ProvisioningFailed', text))
  const finding = found(about, { forMs, claimEvents })
  expect(finding).toMatchObject({ reason: 'Unschedulable', final })
  expect(finding?.message).toBe([message, ...refusals].join(': '))
})

test('a cluster that adds a node is waited for', () => {
  const about = unschedulable('1 Insufficient cpu')
  const events = [event(about, 'TriggeredScaleUp', 'adding a node')]
  expect(found(about, { events, forMs: 60_000 })?.final).toBe(false)
})

function foundInWorkload(
  workload: KubeObject,
  pods: KubeObject[],
  events: KubeObject[],
  forMs = 0,
) {
  const look = rememberSightings()
  const run = (now: number) => {
    const sightings = look(now)
    return WORKLOAD_RULES.map((rule) => rule({ workload, pods, events, sightings })).find(Boolean)
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

test('a rollout past its deadline has failed', () => {
  const conditions = [
    { type: 'Progressing', reason: 'ProgressDeadlineExceeded', message: 'timed out' },
  ]
  expect(foundInWorkload(deployment('web', { conditions }), [], [])).toMatchObject({
    reason: 'no progress',
    final: true,
  })
})
