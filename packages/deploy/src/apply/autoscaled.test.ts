import type { KubeObject } from '@landfall/kube'
import { expect, test } from 'vitest'
import { autoscaledFloors, replicasToHandOver } from './autoscaled.ts'

const web = (replicas: number | undefined, ...managers: string[]): KubeObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: {
    name: 'web',
    managedFields: [
      { manager: 'other', fieldsV1: { 'f:metadata': {} } },
      ...managers.map((manager) => ({ manager, fieldsV1: { 'f:spec': { 'f:replicas': {} } } })),
    ],
  },
  spec: { ...(replicas !== undefined && { replicas }) },
})

test('the least number of pods is that of the autoscaler of the workload', () => {
  const autoscaler: KubeObject = {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: 'any' },
    spec: {
      minReplicas: 2,
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
    },
  }
  expect([...autoscaledFloors([web(1), autoscaler])]).toEqual([['apps/v1 deployment/web', 2]])
})

test('a new workload starts with the least number', () => {
  expect(replicasToHandOver(undefined, 2)).toBe(2)
})

test('a number that Landfall has declared is handed over as it is, or as the least', () => {
  expect(replicasToHandOver(web(5, 'landfall'), 2)).toBe(5)
  expect(replicasToHandOver(web(1, 'landfall', 'kubectl'), 2)).toBe(2)
})

test('the number of the autoscaler is left alone, unless it is less than the least', () => {
  expect(replicasToHandOver(web(4, 'kube-controller-manager'), 2)).toBeUndefined()
  expect(replicasToHandOver(web(0, 'kubectl'), 2)).toBe(2)
})
