import { randomBytes } from 'node:crypto'
import type { KubeClient, KubeObject } from '@landfall/kube'
import { expect, test } from 'vitest'
import {
  DamagedRevisionError,
  lastReady,
  pruneRevisions,
  type Revision,
  readRevisions,
  writeRevision,
} from './revisions.ts'

const shop = { release: 'shop', namespace: 'shop' }

/** Secrets of a namespace in memory: what an API server does with these three requests. */
function secrets() {
  const stored = new Map<string, KubeObject>()
  const client = {
    async apply(object: KubeObject) {
      stored.set(object.metadata.name, {
        ...object,
        metadata: { ...object.metadata, uid: object.metadata.name },
      })
      return { object, created: true }
    },
    list: async () => ({ items: [...stored.values()], resourceVersion: '1' }),
    delete: async ({ name }: { name: string }) => stored.delete(name),
  } as unknown as KubeClient
  return { stored, client }
}

const revision = (number: number, state: Revision['state'] = 'ready'): Revision => ({
  number,
  state,
  at: 1,
  by: 'anna@laptop',
  command: 'up',
  changes: ['update deployment/web'],
})
const web = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' } }

test('a revision of any size is read as it was written', async () => {
  const { client, stored } = secrets()
  const large = { ...web, data: randomBytes(2_000_000).toString('base64') }
  await writeRevision(client, shop, revision(2), { objects: [web, large] })
  await writeRevision(client, shop, revision(10, 'failed'), { objects: [web] })
  expect(stored.size).toBeGreaterThan(3)
  for (const { data } of stored.values())
    expect(Buffer.from(data.objects, 'base64').length).toBeLessThan(1024 * 1024)
  const [second, tenth] = await readRevisions(client, shop)
  expect(second).toMatchObject(revision(2))
  expect(await second?.objects()).toEqual([web, large])
  expect(tenth?.number).toBe(10)
})

test('what is no revision is left out, and a damaged one does not become objects', async () => {
  const { client, stored } = secrets()
  for (const number of [1, 2, 3, 4])
    await writeRevision(client, shop, revision(number), { objects: [web] })
  const of = (number: number) => stored.get(`landfall-release-shop.${number}`) as KubeObject
  of(1).data.record = Buffer.from('null').toString('base64')
  of(2).type = 'Opaque'
  of(3).data.objects = Buffer.from('not gzip').toString('base64')
  const found = await readRevisions(client, shop)
  expect(found.map(({ number }) => number)).toEqual([3, 4])
  await expect(found[0]?.objects()).rejects.toThrow(DamagedRevisionError)
})

test('the last revisions are kept, and the last one that was ready', async () => {
  const { client, stored } = secrets()
  for (let number = 1; number <= 6; number++)
    await writeRevision(client, shop, revision(number, number === 2 ? 'ready' : 'failed'), {
      objects: [web],
    })
  await pruneRevisions(client, shop, 3)
  expect([...stored.keys()].map((name) => name.split('.').at(-1))).toEqual(['2', '4', '5', '6'])
})

test('a failure goes back to what was ready before it', () => {
  const all = [revision(1), revision(2), revision(3, 'failed'), revision(4, 'interrupted')]
  expect(lastReady(all)?.number).toBe(2)
  expect(lastReady(all, 2)?.number).toBe(1)
  expect(lastReady(all, 1)).toBeUndefined()
})
