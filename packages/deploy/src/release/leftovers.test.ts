import { kubeClient } from '@landfall/kube'
import { expect, test } from 'vitest'
import { leftovers } from './leftovers.ts'

const resource = (name: string, kind: string) => ({ name, kind, namespaced: true, verbs: ['list'] })
const item = (name: string, more: object = {}) => ({
  metadata: { name, uid: name, ...more },
  spec: { containers: [] },
  involvedObject: {},
})
const ownedBy = (uid: string) => ({ ownerReferences: [{ kind: 'Thing', name: uid, uid }] })

/** A cluster with the core kinds and one of its own, whose namespace `shop` holds these objects. */
function namespaceWith(objects: Record<string, unknown[]>) {
  const answers: Record<string, unknown> = {
    '/apis': { groups: [{ preferredVersion: { groupVersion: 'example.com/v1' } }] },
    '/api/v1': {
      resources: [
        resource('configmaps', 'ConfigMap'),
        resource('pods', 'Pod'),
        resource('pods/log', 'Pod'),
        resource('serviceaccounts', 'ServiceAccount'),
        resource('events', 'Event'),
        { ...resource('bindings', 'Binding'), verbs: ['create'] },
      ],
    },
    '/apis/example.com/v1': { resources: [resource('things', 'Thing')] },
  }
  const client = kubeClient({
    server: 'http://cluster',
    fetch: async (url) => {
      const { pathname } = new URL(url)
      const items = objects[pathname.split('/').at(-1) as string] ?? []
      const answer = answers[pathname] ?? { items, metadata: {} }
      return Response.json(answer)
    },
  })
  return leftovers(client, 'shop')
}

test('what the cluster puts into every namespace, and what is on its way out, is nothing', async () => {
  const found = await namespaceWith({
    configmaps: [item('kube-root-ca.crt'), item('old', { deletionTimestamp: 'now' })],
    serviceaccounts: [item('default')],
    events: [item('web.1')],
    pods: [item('web-1', ownedBy('old'))],
  })
  expect(found).toEqual([])
})

test('what someone made is told, of any kind, and what it owns with it', async () => {
  const found = await namespaceWith({
    configmaps: [item('theirs')],
    things: [item('thing')],
    pods: [item('thing-1', ownedBy('thing')), item('of-the-cluster', ownedBy('elsewhere'))],
  })
  expect(found.map(({ kind, metadata }) => `${kind} ${metadata.name}`).sort()).toEqual([
    'ConfigMap theirs',
    'Pod of-the-cluster',
    'Thing thing',
  ])
})
