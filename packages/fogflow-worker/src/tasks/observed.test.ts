import { expect, test } from 'vitest'
import { observe } from './observed.ts'

const deployment = (status: object) => ({
  ...{ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'a' }, status },
})
const pod = (status: object, more: object = {}) => ({
  ...{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a-1', ...more }, status },
})
const container = (state: object, lastState: object = {}) =>
  pod({ containerStatuses: [{ image: 'counter', state, lastState }] })

test('a status of an earlier generation shows nothing', () => {
  const ready = deployment({ observedGeneration: 1, readyReplicas: 1 })
  expect(observe(ready, [], 1)).toEqual({ ready: true, pods: [], needsUser: false })
  expect(observe(ready, [], 2).ready).toBe(false)
  expect(observe(undefined, [], 0).ready).toBe(false)
})

test.each([
  [container({ waiting: { reason: 'ContainerCreating' } }), undefined],
  [container({ waiting: { reason: 'ErrImagePull' } }), 'the image counter cannot be pulled'],
  [
    container({ waiting: { reason: 'CrashLoopBackOff' } }, { terminated: { exitCode: 2 } }),
    'the program ends with exit code 2',
  ],
  [
    container({ terminated: { exitCode: 137, reason: 'OOMKilled' } }),
    'the program ends with exit code 137, out of memory',
  ],
  [
    container({ waiting: { reason: 'CreateContainerConfigError', message: 'no Secret' } }),
    'CreateContainerConfigError: no Secret',
  ],
  [
    pod({ conditions: [{ type: 'PodScheduled', status: 'False', message: '0/1 nodes' }] }),
    '0/1 nodes',
  ],
])('why a pod does not start: %j', (one, failure) => {
  expect(observe(undefined, [one], 0).failure).toBe(failure)
})

test('a pod that ends is there, and is no reason', () => {
  const ending = pod(
    { containerStatuses: [{ state: { terminated: { exitCode: 1 } } }] },
    { deletionTimestamp: '2026-01-01T00:00:00Z' },
  )
  expect(observe(undefined, [ending], 0)).toEqual({ ready: false, pods: ['a-1'], needsUser: false })
})

test('a pod that is refused: a quota, and a namespace that does not allow root', () => {
  const refused = (message: string) =>
    observe(
      deployment({ conditions: [{ type: 'ReplicaFailure', status: 'True', message }] }),
      ...([[], 0] as const),
    )
  expect(refused('exceeded quota: small')).toMatchObject({
    ...{ failure: 'exceeded quota: small', needsUser: false },
  })
  const message =
    'pods "a" is forbidden: violates PodSecurity "restricted:latest": runAsNonRoot != true'
  expect(refused(message).needsUser).toBe(true)
})
