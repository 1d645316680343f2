import {
  COMPOSE_SERVICE_ANNOTATION,
  type KubeObject,
  PUBLISHED_ANNOTATION,
  PUBLISHED_AT_ANNOTATION,
} from '@landfall/kube'
import { expect, test } from 'vitest'
import { fromIngress, fromService } from './published-at.ts'

const NODES = ['203.0.113.4', '10.0.0.4']

const placesAt = (number: number) => NODES.map((host) => ({ host, number }))

const service = (
  spec: Record<string, unknown>,
  annotations: Record<string, string> = {},
  status: Record<string, unknown> = {},
): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: {
    name: 'hub-published',
    annotations: {
      [COMPOSE_SERVICE_ANNOTATION]: 'hub',
      [PUBLISHED_ANNOTATION]: '8080:80/tcp,53/udp',
      ...annotations,
    },
  },
  spec,
  status,
})

const ports = [
  { port: 8080, targetPort: 80, nodePort: 31_080, protocol: 'TCP' },
  { port: 53, targetPort: 53, nodePort: 31_053, protocol: 'UDP' },
]

test('node ports are at all nodes, by the port of the container', () => {
  expect(fromService(service({ type: 'NodePort', ports }), NODES)).toEqual([
    { service: 'hub', port: 80, protocol: 'tcp', places: placesAt(31_080) },
    { service: 'hub', port: 53, protocol: 'udp', places: placesAt(31_053) },
  ])
})

test('a load balancer has its own addresses and the ports of the Service; none while it is pending', () => {
  const balanced = (ingress: unknown) =>
    fromService(service({ type: 'LoadBalancer', ports }, {}, { loadBalancer: { ingress } }), NODES)
  expect(balanced([{ hostname: 'lb.example.com' }])[0]).toMatchObject({
    places: [{ host: 'lb.example.com', number: 8080 }],
  })
  expect(balanced(undefined)[0]).toMatchObject({ places: [] })
})

test('ports of the node itself have the published numbers', () => {
  const onNode = service({ clusterIP: 'None', ports }, { [PUBLISHED_AT_ANNOTATION]: 'node' })
  expect(fromService(onNode, NODES)[0]).toMatchObject({ port: 80, places: placesAt(8080) })
})

test('an Ingress is reached at its host: 443 with a certificate, else 80; a wildcard is no address', () => {
  const behind: KubeObject = {
    ...service({ ports: [{ name: 'http', port: 8080, targetPort: 80 }] }),
    metadata: { name: 'hub', annotations: { [COMPOSE_SERVICE_ANNOTATION]: 'hub' } },
  }
  const ingress = (host: string, port: unknown, tls?: unknown): KubeObject => ({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name: 'hub' },
    spec: {
      ...(tls !== undefined && { tls }),
      rules: [
        { host, http: { paths: [{ path: '/', backend: { service: { name: 'hub', port } } }] } },
      ],
    },
  })
  const at = { service: 'hub', port: 80, protocol: 'tcp' }
  const placed = (number: number) => ({ ...at, places: [{ host: 'hub.example.com', number }] })
  expect(fromIngress(ingress('hub.example.com', { number: 8080 }), [behind])).toEqual([placed(80)])
  const tls = [{ hosts: ['hub.example.com'], secretName: 'x' }]
  expect(fromIngress(ingress('hub.example.com', { name: 'http' }, tls), [behind])).toEqual([
    placed(443),
  ])
  expect(fromIngress(ingress('*.example.com', { number: 8080 }), [behind])).toEqual([])
})

test('pods of the same cluster use the Service of the peers, with the port of the container', () => {
  const selector = { 'app.kubernetes.io/name': 'hub' }
  const peers = (name: string, port: number, of = selector): KubeObject => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace: 'fog' },
    spec: { selector: of, ports: [{ port }] },
  })
  const other = peers('other', 80, { 'app.kubernetes.io/name': 'other' })
  const inside = (services: KubeObject[]) =>
    fromService(service({ type: 'NodePort', selector, ports }), NODES, services)[0]?.inside
  expect(inside([other, peers('udp', 53), peers('hub', 80)])).toEqual({
    host: 'hub.fog.svc.cluster.local',
    number: 80,
  })
  expect(inside([other])).toBeUndefined()
})
