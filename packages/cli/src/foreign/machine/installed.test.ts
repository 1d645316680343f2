import { recordedTools } from '@landfall/testkit/recorded-tools'
import { expect, test } from 'vitest'
import { type Inventory, installedClusters, waysToACluster } from './installed.ts'

const nothing: Inventory = {
  env: { PATH: '/nowhere', HOME: '/home/me' },
  platform: 'darwin',
  exists: () => false,
  isRoot: false,
}

test('programs in PATH and files name what is installed, with the command that uses it', () => {
  const tools = recordedTools({ kind: [], colima: [], microk8s: [] })
  try {
    const files = ['/etc/rancher/k3s/k3s.yaml', '/home/me/.docker/desktop']
    const found = installedClusters({
      ...nothing,
      env: { ...nothing.env, PATH: `/nowhere:${tools.directory}` },
      exists: (path) => files.includes(path),
    })
    expect(found.map(({ title }) => title)).toEqual([
      'Docker Desktop',
      'Colima',
      'kind',
      'k3s',
      'MicroK8s',
    ])
    expect(found[1]?.command).toBe('colima start --kubernetes')
  } finally {
    tools.close()
  }
})

test('Landfall’s own cluster is a way on Linux', () => {
  expect(installedClusters(nothing)).toEqual([])
  expect(installedClusters({ ...nothing, platform: 'linux' })).toMatchObject([
    { title: 'Landfall', command: expect.stringContaining('sudo') },
  ])
})

test('the hint is at most one screen', () => {
  const names = ['kind', 'k3d', 'k3s', 'minikube', 'microk8s', 'colima', 'rdctl', 'orb']
  const tools = recordedTools(Object.fromEntries(names.map((name) => [name, []])))
  try {
    const hint = waysToACluster({ PATH: tools.directory, HOME: '/home/me' }, 'set KUBECONFIG')
    expect(hint.split('\n').length).toBeLessThan(20)
    expect(hint).toContain('minikube start')
    expect(hint).toContain('set KUBECONFIG')
  } finally {
    tools.close()
  }
})
