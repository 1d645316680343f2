import { expect, test } from 'vitest'
import { clusterPaths } from '../cluster/paths.ts'
import { addressPlan, nodePlan } from '../network/address-plan.ts'
import { type NodeInputs, nodeFiles, nodeSpec, registryHosts } from './node-files.ts'

const plan = addressPlan(3)
const options = { name: 'x', nodes: 2, cacheDirectory: '/c', stateDirectory: '/s' }
const program = (name: string) => `/c/programs/${name}`
const inputs: NodeInputs = {
  plan,
  node: nodePlan(plan, 2),
  paths: clusterPaths(options),
  programs: {
    components: {
      etcd: [program('kube'), 'etcd'],
      'kube-apiserver': [program('kube'), 'kube-apiserver'],
      'kube-controller-manager': [program('kube'), 'kube-controller-manager'],
      'kube-scheduler': [program('kube'), 'kube-scheduler'],
      kubelet: [program('kube'), 'kubelet'],
      'kube-proxy': [program('kube'), 'kube-proxy'],
    },
    kubectl: program('kubectl'),
    coredns: program('coredns'),
  },
  tools: {
    containerd: '/c/debian/r/usr/bin/containerd',
    ctr: '/c/debian/r/usr/bin/ctr',
    cni: '/c/debian/r/usr/lib/cni',
    registry: '/c/debian/r/usr/bin/docker-registry',
    env: { PATH: '/c/debian/r/usr/bin', LD_LIBRARY_PATH: '/l', XTABLES_LIBDIR: '/l/xtables' },
  },
  keep: ['/s', '/c'],
  podsCgroup: '/landfall3/node-2',
  pauseArchive: '/s/x/run/pause.tar',
  proxyMode: 'iptables',
  proxy: {},
}

test('an image of Docker Hub is looked for in the own registry, then among the package images, then at Docker Hub', () => {
  const servers = (text: string | undefined) => text?.match(/https?:\/\/[^"]+/g)
  expect(servers(registryHosts(plan, false)['docker.io'])).toEqual([
    // containerd asks the server after all hosts, wherever it is written.
    'https://registry-1.docker.io',
    'http://10.213.3.1:22500',
    'http://10.213.3.1:22501',
  ])
})

test('package images are not asked for where Docker Hub answers', () => {
  expect(registryHosts(plan, true)['docker.io']).not.toContain(plan.packageRegistry)
})

test('images of other hosts can be served by the own registry; their own server stays the last', () => {
  const { _default } = registryHosts(plan, false)
  expect(_default).toContain('http://10.213.3.1:22500')
  expect(_default).not.toContain('server =')
})

test('programs of a node find iptables under its name, and iptables its libraries', () => {
  const { env } = nodeSpec(inputs)
  expect(env.PATH).toBe('/s/x/run/bin:/c/debian/r/usr/bin')
  expect(env.XTABLES_LIBDIR).toBe('/l/xtables')
})

test("a node's routes lead to the pods of every other node and not to its own", () => {
  const { network } = nodeSpec(inputs)
  expect(network).toContain('route add 10.214.97.0/24 via 10.213.3.11')
  expect(network.join('\n')).not.toContain('10.214.98.0/24')
})

test('kubelet and network agree on the address range of the pods', () => {
  const files = nodeFiles(inputs)
  expect(JSON.parse(files['kube-proxy.json'] ?? '')).toMatchObject({ clusterCIDR: plan.podCidr })
  const network = JSON.parse(files['cni/10-landfall.conflist'] ?? '')
  expect(network.plugins[0].ipam.ranges).toEqual([[{ subnet: '10.214.98.0/24' }]])
  expect(JSON.parse(files['kubelet.json'] ?? '')).toMatchObject({
    cgroupRoot: '/landfall3/node-2',
    clusterDNS: [plan.dnsAddress],
  })
})
