import type { KubeObject } from '@landfall/kube'
import { expect, test } from 'vitest'
import { choosePod } from './pods.ts'

function pod(name: string, state: object, ready: boolean): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name },
    spec: { containers: [{ name: 'web' }] },
    status: {
      conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }],
      containerStatuses: [{ name: 'web', state, ready }],
    },
  }
}

const running = { running: { startedAt: '2026-01-01T00:00:00Z' } }
const waiting = { waiting: { reason: 'CrashLoopBackOff' } }
const web = { service: 'web', containers: ['web'] }

test('a ready pod comes before one that only runs, and none that does neither is taken', () => {
  const pods = [pod('a', waiting, false), pod('b', running, false), pod('c', running, true)]
  expect(choosePod(web, pods)).toEqual({ pod: 'c', container: 'web' })
  expect(choosePod(web, pods.slice(0, 2)).pod).toBe('b')
  expect(choosePod(web, pods, 2).pod).toBe('b')
  expect(() => choosePod(web, pods, 1)).toThrow(
    'no container of web runs now (a: CrashLoopBackOff)',
  )
  expect(() => choosePod(web, pods, 4)).toThrow('web has 3 pods, none with number 4')
  expect(() => choosePod(web, [])).toThrow('it has no pods')
})
