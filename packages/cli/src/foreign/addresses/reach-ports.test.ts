import { recordedTools } from '@landfall/testkit/recorded-tools'
import { expect, test } from 'vitest'
import type { NodeFacts } from '../kind/cluster-facts.ts'
import type { ClusterKind } from '../kind/cluster-kind.ts'
import { parseMappings, readMappings } from './mappings.ts'
import { reachPorts } from './reach-ports.ts'

const nodePort = {
  ...{ service: 'web-published', namespace: 'shop', port: 80, number: 30080 },
  ...{ balanced: false, pending: false },
}
const facts = { context: 'c', server: 'https://127.0.0.1:6443' }
const kind: ClusterKind = { kind: 'kind', name: 'dev', engine: 'docker' }

test('port mappings of the nodes are read from their engine', async () => {
  const tools = recordedTools({
    docker: [
      {
        when: /serverlb$/,
        print:
          '{"80/tcp":[{"HostIp":"0.0.0.0","HostPort":"8080"},{"HostIp":"::","HostPort":"8080"}]}',
      },
      {
        when: /server-0$/,
        print: '{"6443/tcp":null,"30080/tcp":[{"HostIp":"127.0.0.2","HostPort":"9000"}]}',
      },
    ],
  })
  try {
    const nodes = [{ name: 'k3d-dev-server-0' } as NodeFacts]
    const found = await readMappings(
      { kind: 'k3d', name: 'dev' },
      { nodes },
      { PATH: tools.directory },
    )
    expect(found).toEqual([
      { host: '127.0.0.2', port: 9000, target: 30080 },
      { host: '127.0.0.1', port: 8080, target: 80 },
      { host: '127.0.0.1', port: 8080, target: 80 },
    ])
    const inspect = 'docker inspect --type container --format {{json .NetworkSettings.Ports}}'
    expect(tools.lines().sort()).toEqual([
      `${inspect} k3d-dev-server-0`,
      `${inspect} k3d-dev-serverlb`,
    ])
  } finally {
    tools.close()
  }
})

test('kind asks the engine in whose containers its nodes run; others have no containers', async () => {
  const tools = recordedTools({ podman: [], docker: [] })
  try {
    const nodes = [{ name: 'dev-control-plane' } as NodeFacts]
    const env = { PATH: tools.directory }
    expect(await readMappings({ ...kind, engine: 'podman' }, { nodes }, env)).toEqual([])
    expect(await readMappings({ kind: 'k3s' }, { nodes }, env)).toEqual([])
    expect(tools.lines()).toEqual([
      'podman inspect --type container --format {{json .NetworkSettings.Ports}} dev-control-plane',
    ])
  } finally {
    tools.close()
  }
})

test.each([
  '',
  'null',
  '[]',
  '{"80/tcp":"x"}',
  '{"80/tcp":[null]}',
  '{"80/tcp":[{"HostPort":"99999"}]}',
  '{"53/udp":[{"HostPort":"53"}]}',
])('no mapping in %s', (printed) => {
  expect(parseMappings(printed)).toEqual([])
})

test('a mapped port is the first way to it', () => {
  const mappings = [
    { host: '127.0.0.1', port: 8080, target: 30080 },
    { host: '127.0.0.1', port: 8443, target: 30443 },
  ]
  expect(reachPorts(kind, facts, mappings)(nodePort).endpoints).toEqual([
    { host: '127.0.0.1', port: 8080 },
  ])
})

test.each<[ClusterKind, number | undefined]>([
  [{ kind: 'docker-desktop', nodes: 'machine' }, 30080],
  [{ kind: 'colima', profile: 'default' }, 30080],
  [{ kind: 'rancher-desktop' }, 30080],
  [{ kind: 'orbstack' }, 30080],
  [{ kind: 'k3s' }, undefined],
  [{ kind: 'plain' }, undefined],
])('%o: node ports on the loopback of this machine: %s', (cluster, port) => {
  const { endpoints } = reachPorts(cluster, facts, [])(nodePort)
  expect(endpoints).toEqual(port === undefined ? [] : [{ host: '127.0.0.1', port }])
  const elsewhere = reachPorts(cluster, { ...facts, server: 'https://10.0.0.9' }, [])
  expect(elsewhere(nodePort).endpoints).toEqual([])
  // any program of this machine may have the number of a load balancer
  expect(reachPorts(cluster, facts, [])({ ...nodePort, balanced: true }).endpoints).toEqual([])
})

test('where no way is found, the command that makes one', () => {
  const minikube: ClusterKind = { kind: 'minikube', profile: 'two' }
  const pending = { ...nodePort, balanced: true, pending: true }
  expect(reachPorts(minikube, facts, [])(nodePort).hint).toBe(
    'minikube --profile two service web-published -n shop --url',
  )
  expect(reachPorts(minikube, facts, [])(pending).hint).toContain('minikube -p two tunnel')
  expect(reachPorts({ kind: 'plain' }, facts, [])(nodePort).hint).toBe(
    'kubectl --context c -n shop port-forward service/web-published 80:80',
  )
})
