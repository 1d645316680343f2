import { apiNamespace, deployment } from '@landfall/testkit'
import { beforeAll, expect, test } from 'vitest'
import { endingOf, ownerOf } from './owner.ts'

const { name: namespace, api, statuses } = apiNamespace('owner')
const { client } = api
const made = (replicas: number) => {
  const object = deployment('worker')
  return {
    ...object,
    metadata: { ...object.metadata, namespace },
    spec: { ...object.spec, replicas },
  }
}

beforeAll(async () => {
  await client.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } })
})

test('a pod knows its Deployment, and how it ends', async () => {
  await client.apply(made(1))
  await statuses.deploymentReady('worker')
  const pods = await client.list({ apiVersion: 'v1', kind: 'Pod', namespace })
  const pod = pods.items.find(({ metadata }) => metadata.labels?.['pod-template-hash'])
  const owner = await ownerOf(client, namespace, pod?.metadata.name ?? '')
  expect(owner?.name).toBe('worker')
  expect(await ownerOf(client, namespace, 'other')).toBeUndefined()

  const ending = () => endingOf(client, namespace, owner)
  expect(await ending()).toBe('replaced')
  await client.apply(made(0))
  expect(await ending()).toBe('scaled-down')
  await client.delete({ apiVersion: 'apps/v1', kind: 'Deployment', namespace, name: 'worker' })
  expect(await ending()).toBe('deleted')
  await client.apply(made(1))
  expect(await ending()).toBe('replaced')
})

test('what cannot be known counts as replaced', async () => {
  expect(await endingOf(client, namespace, undefined)).toBe('replaced')
  const nobody = api.clientAs('nobody')
  expect(await endingOf(nobody, namespace, { name: 'worker', uid: 'u1' })).toBe('replaced')
})
