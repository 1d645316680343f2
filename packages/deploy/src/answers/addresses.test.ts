import { type KubeObject, kubeClient } from '@landfall/kube'
import { expect, test } from 'vitest'
import { asPublished, type ProbeAddress, portsOf, releaseAddresses } from './addresses.ts'

const service = (spec: object, published: string, more: object = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: {
    name: 'web-published',
    annotations: { 'landfall.dev/published': published, ...more },
  },
  spec,
})

const nodePort = service(
  {
    type: 'NodePort',
    ports: [
      { port: 80, targetPort: 80, nodePort: 30080, protocol: 'TCP' },
      { port: 53, nodePort: 30053, protocol: 'UDP' },
    ],
  },
  '8080:80/tcp,53:53/udp,9000',
)

test('each published port is paired with the node port of its target and protocol', () => {
  const web = { service: 'web-published', publishedBy: 'web-published' }
  expect(portsOf(nodePort, ['10.0.0.1', '10.0.0.2'])).toEqual([
    {
      ...web,
      port: '8080',
      target: '80',
      udp: false,
      candidates: [
        { host: '10.0.0.1', port: 30080, published: '8080' },
        { host: '10.0.0.2', port: 30080, published: '8080' },
      ],
    },
    {
      ...web,
      port: '53',
      target: '53',
      udp: true,
      candidates: [
        { host: '10.0.0.1', port: 30053, published: '53' },
        { host: '10.0.0.2', port: 30053, published: '53' },
      ],
    },
    {
      ...web,
      port: '9000',
      target: '9000',
      udp: false,
      candidates: [],
      missing: 'no node exposes this port',
    },
  ])
})

test('a Service without annotations publishes its ports, which need not answer', () => {
  const plain = (type: string, annotations?: Record<string, string>): KubeObject => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web', ...(annotations && { annotations }) },
    spec: { type, ports: [{ port: 80, targetPort: 8080, nodePort: 30080, protocol: 'TCP' }] },
  })
  const [published] = asPublished(plain('NodePort'))
  expect(published && portsOf(published, ['10.0.0.1'])).toEqual([
    {
      ...{ service: 'web', publishedBy: 'web', port: '80', target: '80', udp: false },
      optional: true,
      candidates: [{ host: '10.0.0.1', port: 30080, published: '80' }],
    },
  ])
  expect(asPublished(plain('LoadBalancer', { other: 'x' }))).toHaveLength(1)
  expect(asPublished(plain('ClusterIP'))).toEqual([])
  // an inner Service of a project, which says elsewhere what is published
  expect(asPublished(plain('NodePort', { 'landfall.dev/service': 'web' }))).toEqual([])
  expect(asPublished(nodePort)).toEqual([nodePort])
})

test('a port that need not answer is marked', () => {
  const spec = { type: 'NodePort', ports: [{ port: 80, nodePort: 30080 }] }
  expect(portsOf(service(spec, '8080:80/tcp?'), ['n'])[0]).toMatchObject({
    port: '8080',
    optional: true,
  })
})

test('ports of the node itself are asked under the published number, ranges are told and not asked', () => {
  const bare = service({ clusterIP: 'None' }, '2121:21/tcp,10000-10400:10000-10400/udp?', {
    'landfall.dev/published-at': 'node',
  })
  expect(portsOf(bare, ['10.0.0.1'])).toMatchObject([
    { udp: false, candidates: [{ host: '10.0.0.1', port: 2121 }] },
    { udp: true, upTo: '-10400', candidates: [{ host: '10.0.0.1', port: 10000 }] },
  ])
})

test('a range has an address where the nodes have its numbers', () => {
  const ports = [
    { port: 30100, nodePort: 30100, protocol: 'UDP' },
    { port: 21100, nodePort: 31234, protocol: 'TCP' },
  ]
  const entries = '30100-30111:30100-30111/udp?,21100-21110:21100-21110/tcp?'
  expect(portsOf(service({ type: 'NodePort', ports }, entries), ['10.0.0.1'])).toMatchObject([
    { upTo: '-30111', candidates: [{ port: 30100 }] },
    { candidates: [], missing: 'the ports 21100-21110 are mapped to other numbers on the nodes' },
  ])
})

test('a load balancer is asked at its own address and port', () => {
  const spec = { type: 'LoadBalancer', ports: [{ port: 8080, targetPort: 80, nodePort: 30080 }] }
  const balancer = service(spec, '8080:80/tcp')
  expect(portsOf(balancer, ['10.0.0.1'])[0]).toMatchObject({
    missing: 'the load balancer has no address yet',
  })
  balancer.status = { loadBalancer: { ingress: [{ hostname: 'lb.example.com' }] } }
  expect(portsOf(balancer, ['10.0.0.1'])[0]?.candidates).toEqual([
    { host: 'lb.example.com', port: 8080, published: '8080' },
  ])
})

/** A cluster with one Service and two nodes, the second of which answers. */
function addresses(probeAddress: ProbeAddress) {
  const lists: Record<string, unknown[]> = {
    services: [service(nodePort.spec, '8080:80/tcp,53:53/udp', { 'landfall.dev/service': 'web' })],
    nodes: ['fd00::1', '10.0.0.2'].map((address) => ({
      metadata: { name: address },
      status: { addresses: [{ type: 'InternalIP', address }] },
    })),
  }
  const client = kubeClient({
    server: 'http://cluster',
    fetch: async (url) =>
      Response.json({ items: lists[new URL(url).pathname.split('/').at(-1) as string] }),
  })
  return releaseAddresses({ client, release: 'shop', namespace: 'shop', probeAddress })
}

test('an address is told when it was asked, at the first place that answers, under the service’s name', async () => {
  const asked: string[] = []
  const found = await addresses(async ({ host, port }) => {
    asked.push(`${host} ${port}`)
    return host === '10.0.0.2'
      ? { answered: true, scheme: 'http' }
      : { answered: false, error: 'refused' }
  })
  expect(found).toMatchObject([
    { service: 'web', port: '8080', url: 'http://10.0.0.2:30080', answered: true },
    {
      service: 'web',
      port: '53',
      url: 'udp://[fd00::1]:30053',
      answered: false,
      error: 'not tested: UDP has no connections',
    },
  ])
  expect(asked).toEqual(['fd00::1 30080', '10.0.0.2 30080'])
})

test('a connection that is refused tells that nothing listens, anything else tells nothing', async () => {
  const refused = await addresses(async () => ({ answered: false, error: 'ECONNREFUSED' }))
  expect(refused[0]).toMatchObject({
    url: 'tcp://[fd00::1]:30080',
    answered: false,
    error: 'connection refused',
    refused: true,
  })
  const silent = await addresses(async () => ({ answered: false, error: 'no answer' }))
  expect(silent[0]?.error).toBe('not reached from here: no answer')
  expect(silent[0]?.refused).toBeUndefined()
})
