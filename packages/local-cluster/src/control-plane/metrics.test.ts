import { expect, test } from 'vitest'
import { clusterPaths } from '../cluster/paths.ts'
import type { ClusterRecord } from '../cluster/record.ts'
import { addressPlan } from '../network/address-plan.ts'
import { metricsDaemon, metricsObjects, provideMetricsServer } from './metrics.ts'

const plan = addressPlan(3)
const options = { name: 'test', nodes: 1, cacheDirectory: '/cache', stateDirectory: '/state' }

test('the API server finds metrics-server on the bridge, by a name of its certificate', () => {
  const objects = metricsObjects(plan, 'certificate')
  const found = (kind: string) => objects.find((object) => object.kind === kind)
  expect(found('APIService')?.spec).toMatchObject({
    service: { name: 'metrics-server', namespace: 'kube-system', port: 443 },
    caBundle: Buffer.from('certificate').toString('base64'),
  })
  const { command } = metricsDaemon('/metrics-server', { plan, paths: clusterPaths(options) })
  const [port] = found('EndpointSlice')?.ports ?? []
  const [endpoint] = found('EndpointSlice')?.endpoints ?? []
  expect(command).toContain(`--bind-address=${endpoint.addresses[0]}`)
  expect(command).toContain(`--secure-port=${port.port}`)
  expect(found('Service')?.spec.ports[0].targetPort).toBe(port.port)
})

test('kubelets are verified', () => {
  const { command } = metricsDaemon('/metrics-server', { plan, paths: clusterPaths(options) })
  expect(command).toContain('--kubelet-certificate-authority=/state/test/pki/ca.crt')
  expect(command.join(' ')).not.toContain('insecure')
})

test('a cluster has none unless it is requested, and keeps the one that it has', async () => {
  const nothing = () => {}
  expect(await provideMetricsServer(options, undefined, nothing)).toBeUndefined()
  const before: ClusterRecord = { slot: 3, nodes: 1, metricsServer: process.execPath }
  expect(await provideMetricsServer(options, before, nothing)).toBe(process.execPath)
})
