import { formatSpan } from '@landfall/diagnostic'
import { expect, test } from 'vitest'
import { readObjects } from '../read/objects.ts'
import { reportUnseen } from './kinds.ts'

function unseen(text: string): string[] {
  const found: string[] = []
  const manifests = readObjects(text, 'a.yaml', ({ message }) => found.push(message))
  reportUnseen(manifests, ({ severity, message, at }) =>
    found.push(`${at && formatSpan(at, new Map([['a.yaml', text]]))} ${severity}: ${message}`),
  )
  return found
}

const object = (apiVersion: string, kind: string, more = '') =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: { name: x }\n${more}`

test.each([
  ['v1', 'ConfigMap'],
  ['apps/v1', 'Deployment'],
  ['batch/v1', 'CronJob'],
  ['networking.k8s.io/v1', 'Ingress'],
  ['gateway.networking.k8s.io/v1', 'HTTPRoute'],
])('%s %s is known', (apiVersion, kind) => {
  expect(unseen(object(apiVersion, kind))).toEqual([])
})

test('programs that no verdict would see are errors, other unknown kinds warnings', () => {
  expect(unseen(object('v1', 'Pod'))).toEqual([
    'a.yaml:3:19 error: Pod x: up does not observe a Pod, so it could not report that its program fails',
  ])
  for (const apiVersion of ['cert-manager.io/v1', 'snapshot.storage.k8s.io/v1'])
    expect(unseen(object(apiVersion, 'Certificate'))).toEqual([
      'a.yaml:3:19 warning: Certificate x is applied, but not observed: the verdict does not include it',
    ])
  // a kind of the same name in another group is another kind
  expect(unseen(object('example.com/v1', 'Deployment'))).toHaveLength(1)
})

test.each([
  ['StatefulSet', '{ type: OnDelete }', 'OnDelete'],
  ['DaemonSet', '{ type: OnDelete }', 'OnDelete'],
  ['StatefulSet', '{ rollingUpdate: { partition: 1 } }', 'partition'],
])('a %s with %s may keep what it had', (kind, strategy, why) => {
  expect(unseen(object('apps/v1', kind, `spec: { updateStrategy: ${strategy} }\n`))).toEqual([
    expect.stringMatching(new RegExp(`^a.yaml:4:25 warning: ${kind} x keeps pods .*\\(${why}\\)`)),
  ])
})

test('a partition of 0 keeps nothing', () => {
  const spec = 'spec: { updateStrategy: { rollingUpdate: { partition: 0 } } }\n'
  expect(unseen(object('apps/v1', 'StatefulSet', spec))).toEqual([])
})
