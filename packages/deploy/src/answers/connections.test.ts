import { type KubeObject, kubeClient } from '@landfall/kube'
import { expect, test } from 'vitest'
import { skippingClock } from '../test-clock.ts'
import { connectionsOf, watchConnections } from './connections.ts'

/** A Service in front of pods, or of something outside of the project. */
const service = (name: string, connected?: string, external = false): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: {
    name,
    ...(connected === undefined ? {} : { annotations: { 'landfall.dev/connected': connected } }),
  },
  spec: external ? { type: 'ExternalName' } : { selector: { app: name } },
})

test('connections are read from the Services: who connects to which port of which name', () => {
  const services = [
    service('cache', '6379:app,6380:my_worker'),
    service('web'),
    service('mysql', '3306:app', true),
  ]
  expect(connectionsOf(services)).toEqual([
    { pair: 'cache:6379', name: 'cache', port: '6379', by: 'app', external: false },
    { pair: 'cache:6380', name: 'cache', port: '6380', by: 'my_worker', external: false },
    { pair: 'mysql:3306', name: 'mysql', port: '3306', by: 'app', external: true },
  ])
})

test('nothing is said of connections while something is not ready, however long that takes', async () => {
  const connections = connectionsOf([service('cache', '6379:app')])
  const clock = skippingClock()
  const watched = watchConnections({
    client: kubeClient({
      server: 'http://cluster',
      fetch: async (url) => {
        throw new Error(`asked for ${url}`)
      },
    }),
    reference: { release: 'shop', namespace: 'shop' },
    image: 'none',
    connections,
    owners: new Map([['cache', 'deployment/cache']]),
    onChange: () => {},
    clock,
    signal: new AbortController().signal,
  })
  await clock.sleep(600_000)
  watched.whileReady(false)
  expect(watched.failure([])).toBeUndefined()
  expect(watched.answered()).toBe(false)
  expect(watched.tested()).toBe(false)
})
