import type { KubeObject } from '@landfall/kube'
import { expect, test } from 'vitest'
import { deployment, event, job, pod } from '../test-objects.ts'
import { rememberSightings } from '../view/sightings.ts'
import type { PodContext, PodRule } from './finding.ts'
import { POD_RULES } from './index.ts'

type More = Partial<PodContext> & {
  /** Milliseconds for which the pod has been like this. */
  forMs?: number
  /** How often its container had ended at the first look. */
  endsBefore?: number
}

/** What the rules find in a pod. */
function found(about: KubeObject, more: More = {}) {
  const { forMs = 0, endsBefore = 0, ...context } = more
  const look = rememberSightings()
  const run = (now: number) => {
    const sightings = look(now)
    const ends = new Map([[`${about.metadata.uid} web`, endsBefore]])
    return POD_RULES.map((rule: PodRule) =>
      rule({
        pod: about,
        node: undefined,
        nodes: new Map(),
        ending: [],
        events: [],
        claimEvents: new Map(),
        workload: deployment('web'),
        sightings,
        settledAt: 0,
        memory: { sightings, sinceBegin: now, serverNow: undefined, endsBefore: ends },
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
  ['http: server gave HTTP response to HTTPS client', true],
  ['tls: failed to verify certificate: x509: certificate signed by unknown authority', true],
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

test('a ConfigMap that the node has not received yet is never the end', () => {
  const about = waiting('ContainerCreating')
  const message =
    'MountVolume.SetUp failed for volume "files" : failed to sync configmap cache: timed out waiting for the condition'
  const mount = { ...event(about, 'FailedMount', message), count: 5 }
  expect(found(about, { events: [mount], forMs: 60_000 })).toMatchObject({ message, final: false })
})

test('the second end is a failure when everything else has settled, and none before', () => {
  expect(found(ended(1, 0))).toMatchObject({ message: 'web ended with exit code 1', final: false })
  expect(found(ended(1, 1))).toMatchObject({
    reason: 'exited with code 1',
    message: 'web ended twice, last with exit code 1',
    about: 'command',
    exitCode: 1,
    final: true,
  })
  expect(found(ended(1, 1), { settledAt: undefined })?.final).toBe(false)
  expect(found(ended(1, 5), { settledAt: undefined })?.final).toBe(true)
})

test('a run that began before the last thing was ready does not count: the next one may go well', () => {
  const settled = (time: string) => found(ended(1, 2), { settledAt: Date.parse(time) })?.final
  expect(settled('2026-01-01T00:02:00Z')).toBe(false)
  expect(settled('2026-01-01T00:00:59Z')).toBe(false)
  expect(settled('2026-01-01T00:00:58Z')).toBe(true)
})

test('ends before the first look do not count, however many there were', () => {
  expect(found(ended(1, 8), { endsBefore: 9 })?.final).toBe(false)
  expect(found(ended(1, 8), { endsBefore: 8 })?.final).toBe(false)
  expect(found(ended(1, 8), { endsBefore: 7 })?.final).toBe(true)
})

test('a program that ends well again and again is called what it is, with the line that makes it a one-shot', () => {
  expect(found(ended(0, 1))).toMatchObject({
    reason: 'exited with code 0',
    final: true,
    hint: expect.stringContaining('services.web.oneShot: true'),
  })
})

test('a program that may end is completed at its first good end, and a failure of it is one like any other', () => {
  const workload = deployment('web')
  workload.metadata.annotations = { 'landfall.dev/may-complete': 'true' }
  expect(found(ended(0, 0), { workload })).toMatchObject({ completed: true, final: true })
  expect(found(ended(1, 0), { workload })).toMatchObject({ final: false })
  expect(found(ended(1, 1), { workload })?.completed).toBeUndefined()
})

test('a program that never came to run is counted by its end', () => {
  const startedAt = '1970-01-01T00:00:00Z'
  expect(found(ended(128, 2, { startedAt, reason: 'StartError' }))?.final).toBe(true)
})

test('a container that runs again is not a failure: what it does now counts', () => {
  const about = ended(1, 2)
  about.status.containerStatuses[0].state = { running: {} }
  expect(found(about)).toBeUndefined()
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

test('a killed program with a limit of memory most likely reached it', () => {
  const about = ended(137, 1)
  expect(found(about)?.hint).toContain('look at its probes')
  about.spec.containers[0].resources = { limits: { memory: '24Mi' } }
  expect(found(about)).toMatchObject({
    reason: 'exited with code 137',
    hint: expect.stringContaining('more memory than its limit of 24Mi'),
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
    about: 'healthcheck',
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
  ['a node that is full', '0/1 nodes are available: 1 Insufficient memory.', 9_000, 'memory', true],
  ['a node that may come', '0/1 nodes are available: 1 Insufficient cpu.', 5_000, 'cpu', false],
  ['a node of a kind that is not there', "1 didn't match node selector", 9_000, 'placement', true],
])('%s', (_name, message, forMs, about, final) => {
  expect(found(unschedulable(message), { forMs })).toMatchObject({
    reason: 'Unschedulable',
    message,
    about,
    final,
  })
})

test('a claim that waits for its volume is given time; one that is refused is the cause, by its own name', () => {
  const about = unschedulable('pod has unbound immediate PersistentVolumeClaims')
  const waits = new Map([['media', []]])
  expect(found(about, { forMs: 31_000, claimEvents: waits })).toMatchObject({ final: false })
  const refusal = event(about, 'ProvisioningFailed', 'storageclass "nope" not found')
  const claimEvents = new Map([
    ['other', []],
    ['media', [refusal]],
  ])
  expect(found(about, { forMs: 6_000, claimEvents })).toMatchObject({
    reason: 'ProvisioningFailed',
    message: 'claim media of pod web-1: storageclass "nope" not found',
    about: 'claim',
    claim: 'media',
    final: true,
    hint: expect.stringContaining('`class` of the volume of media'),
  })
})

const APART = "0/1 nodes are available: 1 node(s) didn't match pod anti-affinity rules."

/** A pod that waits for the one before it, which had to end at a time. */
const successor = (serverNow: number, nodes: PodContext['nodes'] = new Map(), forMs = 60_000) => {
  const old = pod('web', { phase: 'Running' })
  Object.assign(old.metadata, { name: 'web-0', deletionTimestamp: '2026-01-01T00:00:00Z' })
  old.spec.nodeName = 'n1'
  const sightings = rememberSightings()
  const memory = { sightings: sightings(0), sinceBegin: 0, serverNow, endsBefore: new Map() }
  return found(unschedulable(APART), { ending: [old], nodes, memory, forMs })
}

test('a pod waits for its predecessor as long as that has time to end', () => {
  const due = Date.parse('2026-01-01T00:00:00Z')
  expect(successor(due - 100_000)).toBeUndefined()
  expect(successor(due + 20_000)).toBeUndefined()
  expect(successor(due + 60_000)).toMatchObject({
    code: 'deploy/unschedulable',
    message: 'web-1 must not run before web-0 has ended on node n1',
    final: false,
  })
  expect(successor(due + 91_000)?.final).toBe(true)
  const lost = new Map([
    ['n1', { kind: 'Node', status: { conditions: [{ type: 'Ready', status: 'Unknown' }] } }],
  ]) as never
  expect(successor(due - 100_000, lost, 1_000)).toMatchObject({ final: false })
  expect(successor(due - 100_000, lost)).toMatchObject({
    message: expect.stringContaining('on node n1, which does not respond'),
    final: true,
  })
})

test('without a predecessor the same message is a failure', () => {
  expect(found(unschedulable(APART), { forMs: 9_000 })?.final).toBe(true)
})

test('a cluster that adds a node is waited for', () => {
  const about = unschedulable('1 Insufficient cpu')
  const events = [event(about, 'TriggeredScaleUp', 'adding a node')]
  expect(found(about, { events, forMs: 60_000 })?.final).toBe(false)
})

/** A container that runs and is not ready, of a program that Docker would call unhealthy after ten seconds. */
const unhealthy = (
  forMs: number,
  settledAt: number | undefined,
  message = 'Startup probe failed: no',
  reported: { count?: number; lastTimestamp?: string } = { count: 30 },
) => {
  const workload = deployment('web')
  workload.metadata.annotations = { 'landfall.dev/unhealthy-after.web': '10' }
  const running = { startedAt: '2026-01-01T00:01:00Z' }
  const about = pod('web', { phase: 'Running', statuses: [{ state: { running } }] })
  about.spec.containers[0].readinessProbe = { failureThreshold: 3, timeoutSeconds: 30 }
  const events = [{ ...event(about, 'Unhealthy', message, 'web'), ...reported }]
  const serverNow = 1_000_000 + forMs
  const sightings = rememberSightings()(0)
  const memory = { sightings, sinceBegin: 0, serverNow, endsBefore: new Map() }
  return found(about, { workload, events, forMs, settledAt, memory })
}

test('a program that never passes its health test is unhealthy after clearly longer than Docker waits', () => {
  expect(unhealthy(59_000, 0)).toBeUndefined()
  expect(unhealthy(61_000, 0)).toMatchObject({
    reason: 'unhealthy',
    message: 'web runs and does not pass its health check (30 times): Startup probe failed: no',
    about: 'healthcheck',
    final: true,
  })
  // what it may be waiting for is not there, or has just come
  expect(unhealthy(61_000, undefined)).toMatchObject({ final: false })
  expect(unhealthy(61_000, 1_020_000)).toMatchObject({ final: false })
})

test('Docker lets a check run until its timeout: a program whose checks time out has more time', () => {
  for (const message of [
    'Startup probe failed: command timed out: "check" timed out after 30s',
    'Readiness probe failed: Get "http://10.0.0.1:80/": context deadline exceeded (Client.Timeout exceeded while awaiting headers)',
    'Readiness probe failed: dial tcp 10.0.0.1:80: i/o timeout',
  ]) {
    // twice 10 s and three checks of 30 s
    expect(unhealthy(199_000, 0, message)).toBeUndefined()
    expect(unhealthy(201_000, 0, message)).toMatchObject({ reason: 'unhealthy', final: true })
  }
})

test('Docker counts failures in a row: checks of which fewer have failed are slow, and have their time', () => {
  for (const reported of [{ count: 2 }, { count: 30, lastTimestamp: '2026-01-01T00:00:59Z' }]) {
    expect(unhealthy(199_000, 0, 'Startup probe failed: no', reported)).toBeUndefined()
    expect(unhealthy(201_000, 0, 'Startup probe failed: no', reported)).toMatchObject({
      reason: 'unhealthy',
    })
  }
  expect(unhealthy(61_000, 0, 'Startup probe failed: no', { count: 3 })).toBeDefined()
})

test('a node that does not answer is reported, and waited for', () => {
  const about = pod('web', { phase: 'Running', statuses: [{ state: { running: {} } }] })
  const node = (status: string): KubeObject => ({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: 'n2' },
    status: { conditions: [{ type: 'Ready', status }] },
  })
  expect(found(about, { node: node('Unknown') })).toMatchObject({
    reason: 'NodeNotReady',
    message: expect.stringContaining('node n2 does not answer'),
    final: false,
  })
  expect(found(about, { node: node('True') })).toBeUndefined()
})
