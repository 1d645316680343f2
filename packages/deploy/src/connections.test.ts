import type { KubeObject } from '@landfall/kube'
import { expect, test } from 'vitest'
import { connectionsOf } from './connections.ts'

const service = (name: string, connected?: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: {
    name,
    ...(connected === undefined ? {} : { annotations: { 'landfall.dev/connected': connected } }),
  },
})

test('connections are read from the Services: who connects to which port of which name', () => {
  expect(connectionsOf([service('cache', '6379:app,6380:my_worker'), service('web')])).toEqual([
    { pair: 'cache:6379', name: 'cache', port: '6379', by: 'app' },
    { pair: 'cache:6380', name: 'cache', port: '6380', by: 'my_worker' },
  ])
})
