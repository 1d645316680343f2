import type { KubeObject } from '@landfall/kube'
import { expect, test } from 'vitest'
import { releaseObject } from '../release/release.ts'
import { scaledObjects } from './scaled-objects.ts'

const shop = { release: 'shop', namespace: 'shop' }
const deployment = (replicas: number, affinity?: object): KubeObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', annotations: { 'landfall.dev/service': 'web' } },
  spec: {
    replicas,
    selector: { matchLabels: { app: 'web' } },
    template: { spec: { ...(affinity && { affinity }), containers: [] } },
  },
})
const released = (...objects: KubeObject[]) => objects.map((one) => releaseObject(one, shop, true))
const scale = (objects: readonly KubeObject[], copies: number) =>
  scaledObjects(objects, new Map([['deployment/web', copies]]), shop)

test('more copies than declared get a budget, and the declared number is kept', () => {
  const [web, budget] = scale(released(deployment(1)), 3)
  expect(web?.spec.replicas).toBe(3)
  expect(web?.metadata.annotations?.['landfall.dev/declared-copies']).toBe('1')
  expect(budget).toMatchObject({
    kind: 'PodDisruptionBudget',
    metadata: { name: 'web', namespace: 'shop', labels: { 'landfall.dev/release': 'shop' } },
    spec: { maxUnavailable: 1, selector: { matchLabels: { app: 'web' } } },
  })
})

test('the declared number leaves no trace, however it is reached', () => {
  const before = released(deployment(1))
  expect(scale(scale(scale(before, 3), 5), 1)).toEqual(before)
})

test('a budget of the project stays with one copy', () => {
  const budget: KubeObject = {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name: 'web' },
    spec: { maxUnavailable: 1 },
  }
  const before = released(budget, deployment(3))
  expect(scale(before, 1).map(({ kind }) => kind)).toEqual(['PodDisruptionBudget', 'Deployment'])
  expect(scale(scale(before, 1), 3)).toEqual(before)
})

test('pods that are bound to one node get no budget', () => {
  const affinity = { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{}] } }
  expect(scale(released(deployment(1, affinity)), 3).map(({ kind }) => kind)).toEqual([
    'Deployment',
  ])
})
