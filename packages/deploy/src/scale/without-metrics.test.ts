import { type KubeObject, kubeClient } from '@landfall/kube'
import { expect, test } from 'vitest'
import { skippingClock } from '../test-clock.ts'
import { servicesWithoutMetrics } from './without-metrics.ts'

const autoscaler = (name: string, service?: string): KubeObject => ({
  apiVersion: 'autoscaling/v2',
  kind: 'HorizontalPodAutoscaler',
  metadata: { name, ...(service && { annotations: { 'landfall.dev/service': service } }) },
})

/** Against an API server that gives this answer for metrics, and how often it was requested. */
async function asked(code: number, body: object, objects = [autoscaler('my-web', 'my_web')]) {
  let requests = 0
  const client = kubeClient({
    server: 'http://cluster',
    clock: skippingClock(),
    fetch: async (url) => {
      if (!String(url).includes('/pods')) {
        const resources = [{ name: 'pods', kind: 'PodMetrics', namespaced: true }]
        return Response.json({ kind: 'APIResourceList', resources })
      }
      requests++
      return Response.json(body, { status: code })
    },
  })
  const signal = new AbortController().signal
  return { services: await servicesWithoutMetrics(client, 'shop', objects, signal), requests }
}
const status = (code: number, reason: string) =>
  [code, { kind: 'Status', apiVersion: 'v1', status: 'Failure', code, reason }] as const

test('autoscaled services are named where nothing serves metrics', async () => {
  expect(await asked(...status(404, 'NotFound'))).toEqual({ services: ['my_web'], requests: 1 })
  expect((await asked(...status(503, 'ServiceUnavailable'))).services).toEqual(['my_web'])
})

test('served metrics, and those that the account may not read, are no reason to report anything', async () => {
  expect((await asked(200, { kind: 'PodMetricsList', items: [] })).services).toEqual([])
  expect((await asked(...status(403, 'Forbidden'))).services).toEqual([])
})

test('without an autoscaler nothing is requested', async () => {
  expect(await asked(...status(404, 'NotFound'), [])).toEqual({ services: [], requests: 0 })
})
