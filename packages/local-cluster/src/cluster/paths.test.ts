import { expect, test } from 'vitest'
import { clusterPaths, defaultOptions, nodePaths } from './paths.ts'

test('caches and state follow the XDG variables, and the home directory where those are not set', () => {
  expect(defaultOptions({ HOME: '/home/u', XDG_CACHE_HOME: '' })).toMatchObject({
    cacheDirectory: '/home/u/.cache/landfall',
    stateDirectory: '/home/u/.local/state/landfall/clusters',
  })
  expect(defaultOptions({ HOME: '/home/u', XDG_STATE_HOME: '/state' })).toMatchObject({
    stateDirectory: '/state/landfall/clusters',
  })
})

test("a node's volumes lie on its disk", () => {
  const paths = clusterPaths({ ...defaultOptions({ HOME: '/h' }), name: 'a', stateDirectory: '/s' })
  const { disk, volumes } = nodePaths(paths, 'node-2')
  expect(disk).toBe('/s/a/nodes/node-2/disk')
  expect(volumes).toBe('/s/a/nodes/node-2/disk/var/lib/landfall/volumes')
})

test.each(['..', 'a/b', '', 'Upper', '-a', 'a'.repeat(41)])(
  '%j is not a valid cluster name',
  (name) => {
    expect(() => clusterPaths({ ...defaultOptions({ HOME: '/h' }), name })).toThrow(
      'not a valid cluster name',
    )
  },
)
