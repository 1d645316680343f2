import type { KubeObject } from '@landfall/kube'
import { expect, test } from 'vitest'
import { jobAgain, nextStep, readRunningAgain } from './again.ts'

const record = { seen: {}, acts: [] }
const live: KubeObject = {
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: {
    name: 'seed-0123456789',
    namespace: 'shop',
    uid: 'u-1',
    resourceVersion: '7',
    generation: 1,
    creationTimestamp: '2026-01-31T10:00:00Z',
    managedFields: [{}],
    labels: {
      'app.kubernetes.io/instance': 'shop',
      'batch.kubernetes.io/job-name': 'seed-0123456789',
    },
    annotations: {
      'landfall.dev/done': 'true',
      'landfall.dev/source': 'compose.yaml#/services/seed',
    },
  },
  spec: {
    backoffLimit: 6,
    selector: { matchLabels: { 'batch.kubernetes.io/controller-uid': 'u-1' } },
    template: {
      metadata: {
        creationTimestamp: null,
        labels: {
          'app.kubernetes.io/name': 'seed',
          'batch.kubernetes.io/controller-uid': 'u-1',
          'controller-uid': 'u-1',
          'job-name': 'seed-0123456789',
        },
        annotations: { a: 'b' },
      },
      spec: { restartPolicy: 'Never', containers: [{ name: 'seed', image: 'x' }] },
    },
  },
  status: { succeeded: 1 },
}

test('a Job that runs again is the same, without what the cluster has set', () => {
  expect(jobAgain(live, record)).toEqual({
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name: 'seed-0123456789',
      namespace: 'shop',
      labels: { 'app.kubernetes.io/instance': 'shop' },
      annotations: {
        'landfall.dev/keeper': '{"seen":{},"acts":[]}',
        'landfall.dev/source': 'compose.yaml#/services/seed',
      },
    },
    spec: {
      backoffLimit: 6,
      template: {
        metadata: { labels: { 'app.kubernetes.io/name': 'seed' }, annotations: { a: 'b' } },
        spec: { restartPolicy: 'Never', containers: [{ name: 'seed', image: 'x' }] },
      },
    },
  })
})

test.each([
  ['the old one is there', { uid: 'u-1' }, true, 'delete'],
  ['the old one ends', { uid: 'u-1', ending: true as const }, true, 'wait'],
  ['none is there', undefined, true, 'create'],
  ['the new one is there', { uid: 'u-2' }, true, 'forget'],
  ['the release no longer has it', undefined, false, 'forget'],
])('%s', (_, job, isKept, step) => {
  expect(nextStep({ uid: 'u-1', job: jobAgain(live, record) }, job, isKept)).toBe(step)
})

test.each([undefined, '', 'null', '{}', '[]', '{"uid":"a","job":{}}', '{"uid":1}', 'x'])(
  'what was not written by a keeper is nothing: %s',
  (text) => {
    expect(readRunningAgain(text)).toBeUndefined()
  },
)

test('what was written is read back', () => {
  const again = { uid: 'u-1', job: jobAgain(live, record) }
  expect(readRunningAgain(JSON.stringify(again))).toEqual(again)
})
