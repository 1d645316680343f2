import type { KubeObject } from '@landfall/kube'
import { expect, test } from 'vitest'
import { releaseObject } from '../release/release.ts'
import { scaledObjects } from './scaled-objects.ts'

const shop = { release: 'shop', namespace: 'shop' }
const labels = { 'app.kubernetes.io/name': 'node-9' }
const workload: KubeObject = {
  apiVersion: 'apps/v1',
  kind: 'StatefulSet',
  metadata: { name: 'node-9', annotations: { 'landfall.dev/service': 'node-9' } },
  spec: {
    replicas: 1,
    ordinals: { start: 1 },
    selector: { matchLabels: labels },
    template: { spec: { containers: [] } },
  },
}
const budget: KubeObject = {
  apiVersion: 'policy/v1',
  kind: 'PodDisruptionBudget',
  metadata: { name: 'node-9' },
  spec: {},
}

function service(number: number, suffix: string, spec: object, annotations = {}): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name: `node-9-${number}${suffix}`,
      annotations: {
        'landfall.dev/copy-name': `node-9-{{identity}}${suffix}`,
        'landfall.dev/copy-ports': '30087/tcp',
        ...annotations,
      },
    },
    spec: { selector: { ...labels, 'apps.kubernetes.io/pod-index': String(number) }, ...spec },
  }
}

function port(number: number, more = {}) {
  return {
    name: `tcp-${number}`,
    port: number,
    targetPort: number,
    protocol: 'TCP',
    ...more,
  }
}

const declared = [
  workload,
  budget,
  service(1, '', { ports: [port(9000), port(30088)] }),
  service(
    1,
    '-published',
    { type: 'NodePort', ports: [port(30088, { nodePort: 30088 })] },
    {
      'landfall.dev/published': '30088:30088/tcp',
    },
  ),
].map((object) => releaseObject(object, shop, true))

function scale(objects: readonly KubeObject[], copies: number): KubeObject[] {
  return scaledObjects(objects, new Map([['statefulset/node-9', copies]]), shop)
}

test('a copy with a number gets the Services that the first one has, with its own ports', () => {
  const scaled = scale(declared, 3)
  expect(scaled.map(({ metadata }) => metadata.name)).toEqual([
    ...['node-9', 'node-9', 'node-9-1', 'node-9-1-published'],
    ...['node-9-2', 'node-9-2-published', 'node-9-3', 'node-9-3-published'],
  ])
  const [inside, outside] = scaled.slice(-2)
  expect(inside?.spec).toEqual({
    selector: { ...labels, 'apps.kubernetes.io/pod-index': '3' },
    ports: [port(9000), port(30090)],
  })
  expect(outside?.spec.ports).toEqual([port(30090, { nodePort: 30090 })])
  expect(outside?.metadata.annotations?.['landfall.dev/published']).toBe('30090:30090/tcp')
})

test('the declared number leaves no trace, and Services of the project stay without their copies', () => {
  expect(scale(scale(scale(declared, 5), 2), 1)).toEqual(declared)
  expect(scale(declared, 0).map(({ metadata }) => metadata.name)).toEqual(
    declared.map(({ metadata }) => metadata.name),
  )
})
