import type { KubeObject } from '@landfall/kube'
import { expect, test } from 'vitest'
import { changedFields } from './fields.ts'

const pod = (container: object, more: object = {}): KubeObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web' },
  spec: { template: { spec: { containers: [{ name: 'web', ...container }], ...more } } },
})

test('fields by their names, elements of lists by theirs, also in another order', () => {
  const before = pod({
    image: 'nginx:1.26',
    env: [
      { name: 'A', value: '1' },
      { name: 'B', value: '2' },
    ],
    args: ['-v'],
  })
  const after = pod({
    image: 'nginx:1.27',
    env: [
      { name: 'C', value: '3' },
      { name: 'B', value: '2' },
      { name: 'A', value: '9' },
    ],
    args: ['-v', '-q'],
  })
  const at = 'spec.template.spec.containers[web]'
  expect(changedFields(before, after)).toEqual([
    { field: `${at}.args`, before: ['-v'], after: ['-v', '-q'] },
    { field: `${at}.env[A].value`, before: '1', after: '9' },
    { field: `${at}.env[C].name`, after: 'C' },
    { field: `${at}.env[C].value`, after: '3' },
    { field: `${at}.image`, before: 'nginx:1.26', after: 'nginx:1.27' },
  ])
})

test('what the API server writes, the hash of Landfall, and empty values are no difference', () => {
  const before = pod({ env: [] })
  const after: KubeObject = {
    ...pod({}),
    metadata: {
      name: 'web',
      uid: '1',
      resourceVersion: '2',
      generation: 3,
      annotations: { 'landfall.dev/applied': 'abc' },
    },
    status: { replicas: 1 },
  }
  expect(changedFields(before, after)).toEqual([])
})

test('values of Secrets and contents of ConfigMaps are not shown', () => {
  const secret = (kind: string, text: string): KubeObject => ({
    apiVersion: 'v1',
    kind,
    metadata: { name: 'a' },
    data: { PASSWORD: text, same: 'x', [text]: 'added' },
  })
  for (const [kind, hidden] of [
    ['Secret', 'secret'],
    ['ConfigMap', 'content'],
  ] as const) {
    const changes = changedFields(secret(kind, 'hunter1'), secret(kind, 'hunter2'))
    expect(changes).toEqual([
      { field: 'data.PASSWORD', hidden },
      { field: 'data.hunter1', hidden },
      { field: 'data.hunter2', hidden },
    ])
  }
})

test('a variable that is a secret now, or is removed, does not show what it was', () => {
  const before = pod({
    env: [
      { name: 'PASSWORD', value: 'hunter2' },
      { name: 'GONE', value: 'hunter3' },
    ],
  })
  const valueFrom = { secretKeyRef: { name: 'web', key: 'PASSWORD' } }
  const after = pod({ env: [{ name: 'PASSWORD', valueFrom }] })
  const at = 'spec.template.spec.containers[web].env'
  expect(changedFields(before, after)).toEqual([
    { field: `${at}[GONE]`, hidden: 'secret' },
    { field: `${at}[PASSWORD]`, hidden: 'secret' },
  ])
  expect(JSON.stringify(changedFields(after, before))).toContain('hunter2')
})

test('a removed container shows no variables', () => {
  const sidecar = { name: 'side', image: 'a', env: [{ name: 'X', value: 'hunter2' }] }
  const two = pod({}, { containers: [{ name: 'web' }, sidecar] })
  const one = pod({}, { containers: [{ name: 'web' }] })
  expect(JSON.stringify(changedFields(two, one))).not.toContain('hunter2')
})
